/* Fixed records: what each form writes, the end, and what a layout may not say. */

#include "support.h"

static int32_t open_reader(uint64_t frame, const char *layout, uint64_t *reader,
                           pardox_error *error) {
  return pardox_reader_open(frame, layout, (int64_t)strlen(layout), reader, error);
}

static const char *LAYOUT =
    "{\"record_bytes\":40,\"fields\":["
    "{\"column\":\"u\",\"offset\":0,\"length\":4,\"form\":\"text\",\"null_offset\":4},"
    "{\"column\":\"i\",\"offset\":5,\"length\":5,\"form\":\"display\",\"scale\":1,"
    "\"null_offset\":10,\"null_form\":\"binary\"},"
    "{\"column\":\"f\",\"offset\":16,\"length\":8,\"form\":\"binary\",\"null_offset\":24},"
    "{\"column\":\"b\",\"offset\":25,\"length\":1,\"form\":\"binary\",\"null_offset\":26},"
    "{\"column\":\"d\",\"offset\":27,\"length\":10,\"form\":\"text\",\"null_offset\":37}]}";

static void records(uint64_t frame) {
  uint64_t reader;
  uint8_t records[2 * 40];
  int64_t fetched;
  double number;
  OK(open_reader(frame, LAYOUT, &reader, &error));
  OK(pardox_reader_fetch(reader, records, sizeof records, 2, &fetched, &error));
  CHECK(fetched == 2);
  CHECK(memcmp(records, "a   N00010\0     ", 16) == 0);
  memcpy(&number, records + 16, 8);
  CHECK(number == 0.5 && memcmp(records + 24, "N\1N1970-01-01N  ", 16) == 0);
  CHECK(memcmp(records + 40, "    N00000\1     ", 16) == 0);

  /* Too little memory: nothing is used up. */
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_reader_fetch(reader, records, 79, 2, &fetched, &error));
  CHECK(fetched == 0);
  OK(pardox_reader_fetch(reader, records, sizeof records, 2, &fetched, &error));
  CHECK(fetched == 2 && memcmp(records, "    Y0003p\0     ", 16) == 0);
  CHECK(memcmp(records + 40, "\xC3\xA9  N00040\0", 11) == 0);
  OK(pardox_reader_fetch(reader, records, sizeof records, 2, &fetched, &error));
  CHECK(fetched == 1 && memcmp(records + 27, "          Y  ", 13) == 0);
  OK(pardox_reader_fetch(reader, records, sizeof records, 2, &fetched, &error));
  CHECK(fetched == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_reader_fetch(reader, records, sizeof records, -1, &fetched, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_reader_fetch(reader, records, sizeof records, 1, NULL, &error));
  release(&reader);
}

static void values_that_do_not_fit(uint64_t frame) {
  uint64_t reader;
  uint8_t records[5 * 16];
  int64_t fetched = 9;
  OK(open_reader(frame,
                 "{\"record_bytes\":3,\"fields\":[{\"column\":\"u\",\"offset\":0,\"length\":2,"
                 "\"form\":\"text\",\"null_offset\":2}]}",
                 &reader, &error));
  FAILS(PARDOX_STATUS_BAD_VALUE,
        pardox_reader_fetch(reader, records, sizeof records, 5, &fetched, &error));
  CHECK(fetched == 0 && last_error.record == 5 && strcmp(last_error.column, "u") == 0);
  CHECK(strcmp(last_error.expected, "at most 2 bytes") == 0);
  OK(pardox_reader_fetch(reader, records, sizeof records, 4, &fetched, &error));
  CHECK(fetched == 4); /* what fits can still be read */
  release(&reader);

  OK(open_reader(frame,
                 "{\"record_bytes\":8,\"fields\":[{\"column\":\"i\",\"offset\":0,\"length\":8,"
                 "\"form\":\"binary\"}]}",
                 &reader, &error));
  FAILS(PARDOX_STATUS_BAD_VALUE,
        pardox_reader_fetch(reader, records, sizeof records, 5, &fetched, &error));
  CHECK(last_error.record == 2 && strstr(last_error.hint, "null_offset") != NULL);
  release(&reader);
}

static void layouts_that_are_refused(uint64_t frame) {
  uint64_t reader = 9;
#define FIELD(rest) "{\"record_bytes\":16,\"fields\":[{" rest "}]}"
  FAILS(PARDOX_STATUS_INVALID_OPTION, open_reader(frame, "", &reader, &error));
  CHECK(reader == 0);
  FAILS(PARDOX_STATUS_INVALID_OPTION, open_reader(frame, "{\"record_bytes\":16}", &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION, open_reader(frame, "nonsense", &reader, &error));
  FAILS(PARDOX_STATUS_UNKNOWN_COLUMN,
        open_reader(frame, FIELD("\"column\":\"x\",\"offset\":0,\"length\":8,\"form\":\"text\""),
                    &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        open_reader(frame, FIELD("\"column\":\"i\",\"offset\":9,\"length\":8,\"form\":\"binary\""),
                    &reader, &error));
  CHECK(strcmp(last_error.column, "i") == 0);
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        open_reader(frame, FIELD("\"column\":\"i\",\"offset\":0,\"length\":4,\"form\":\"binary\""),
                    &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        open_reader(frame, FIELD("\"column\":\"u\",\"offset\":0,\"length\":4,\"form\":\"display\""),
                    &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        open_reader(frame,
                    FIELD("\"column\":\"u\",\"offset\":0,\"length\":4,\"form\":\"text\","
                          "\"null_offset\":3"),
                    &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        open_reader(frame, FIELD("\"column\":\"u\",\"ofset\":0,\"length\":4,\"form\":\"text\""),
                    &reader, &error));
  CHECK(strcmp(last_error.hint, "did you mean \"offset\"?") == 0);
  FAILS(PARDOX_STATUS_INVALID_UTF8, pardox_reader_open(frame, "{\xFF", 2, &reader, &error));
  CHECK(last_error.byte_offset == 1);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_reader_open(frame, NULL, 2, &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_reader_open(frame, LAYOUT, -1, &reader, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, open_reader(frame, LAYOUT, NULL, &error));
}

int main(void) {
  Live before = live_now();
  uint64_t frame = new_frame();
  records(frame);
  values_that_do_not_fit(frame);
  layouts_that_are_refused(frame);
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
  return 0;
}
