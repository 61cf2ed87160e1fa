/* Feeds: bytes pushed by the host and read by a plan; misuse; what is left when nobody finishes. */

#include <pthread.h>
#include <unistd.h>

#include "support.h"

#define TEXT(text) (text), (int64_t)strlen(text)
#define DATA(text) (const uint8_t *)(text), (int64_t)strlen(text)

static const char *SCAN =
    "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"scan_csv\":{\"feed\":1}}}";
static const char *COUNT =
    "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"count_csv\":{\"feed\":0}}}";

static uint64_t new_plan(const char *document) {
  uint64_t plan;
  OK(pardox_plan_parse(TEXT(document), &plan, &error));
  return plan;
}

static uint64_t new_feed(const char *options) {
  uint64_t feed;
  OK(pardox_feed_open(TEXT(options), &feed, &error));
  return feed;
}

static int64_t first_of(uint64_t frame, int64_t column_index) {
  uint64_t column;
  int64_t copied, value;
  OK(pardox_frame_column(frame, column_index, &column, &error));
  OK(pardox_column_copy(column, 0, 1, &value, sizeof value, NULL, 0, &copied, &error));
  CHECK(copied == 1);
  release(&column);
  return value;
}

static void written_before_and_after(uint64_t frame) {
  uint64_t plan = new_plan(SCAN), feed = new_feed(""), operation, again, result, bytes;
  int32_t state;
  int64_t rows, columns;
  uint64_t given[2] = {frame, feed};
  OK(pardox_feed_write(feed, DATA("a,b\n1,"), &error));
  OK(pardox_collect(plan, given, 2, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, 20, &state, &error));
  CHECK(state == PARDOX_STATE_RUNNING); /* it waits for the end */
  FAILS(PARDOX_STATUS_BUSY, pardox_plan_schema(plan, given, 2, NULL, 0, &bytes, &error));
  CHECK(bytes == 0 && strstr(last_error.hint, "finish") != NULL);
  FAILS(PARDOX_STATUS_BUSY, pardox_plan_explain(plan, given, 2, NULL, 0, &bytes, &error));
  FAILS(PARDOX_STATUS_BUSY, pardox_plan_canonical(plan, given, 2, &bytes, &error));
  OK(pardox_feed_write(feed, NULL, 0, &error));
  OK(pardox_feed_write(feed, DATA("2\n3,4\n"), &error));
  OK(pardox_feed_finish(feed, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  CHECK(state == PARDOX_STATE_DONE);
  OK(pardox_operation_result(operation, &result, &error));
  OK(pardox_frame_shape(result, &rows, &columns, &error));
  CHECK(rows == 2 && columns == 2 && first_of(result, 1) == 2);
  release(&result);
  release(&operation);

  /* As often as one likes; an operation that has begun needs the handle no more. */
  OK(pardox_plan_schema(plan, given, 2, NULL, 0, &bytes, &error));
  CHECK_TEXT(bytes, "[{\"name\":\"a\",\"dtype\":\"int64\"},{\"name\":\"b\",\"dtype\":\"int64\"}]");
  OK(pardox_collect(plan, given, 2, NULL, 0, NULL, 0, &again, &error));
  release(&feed);
  OK(pardox_operation_wait(again, -1, &state, &error));
  CHECK(state == PARDOX_STATE_DONE);
  release(&again);
  FAILS(PARDOX_STATUS_RELEASED_HANDLE,
        pardox_collect(plan, given, 2, NULL, 0, NULL, 0, &operation, &error));
  release(&plan);
}

static void counted(void) {
  uint64_t plan = new_plan(COUNT), feed = new_feed("{\"name\":\"big\"}"), operation, result;
  int32_t state;
  /* More than stays in memory. */
  static char block[1 << 20];
#ifdef UNDER_VALGRIND
  enum { BLOCKS = 3 };
#else
  enum { BLOCKS = 80 };
#endif
  for (size_t i = 0; i < sizeof block; i += 4) memcpy(block + i, "7,8\n", 4);
  OK(pardox_feed_write(feed, DATA("a,b\n"), &error));
  for (int i = 0; i < BLOCKS; i += 1) {
    OK(pardox_feed_write(feed, (const uint8_t *)block, sizeof block, &error));
  }
  OK(pardox_feed_finish(feed, &error));
  OK(pardox_collect(plan, &feed, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  OK(pardox_operation_result(operation, &result, &error));
  CHECK(first_of(result, 0) == BLOCKS * (int64_t)(sizeof block / 4));
  release(&result);
  release(&operation);
  release(&feed);
  release(&plan);
}

static void misuse(uint64_t frame) {
  uint64_t plan = new_plan(COUNT), feed = 9, operation = 9, result = 9;
  int32_t state;
  int64_t rows, columns;
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_feed_open(TEXT("{\"nane\":\"x\"}"), &feed, &error));
  CHECK(feed == 0 && strcmp(last_error.hint, "did you mean \"name\"?") == 0);
  FAILS(PARDOX_STATUS_INVALID_OPTION, pardox_feed_open(TEXT("{\"name\":1}"), &feed, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_feed_open(NULL, 0, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_feed_open(NULL, 1, &feed, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_feed_write(0, DATA("x"), &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_feed_write(frame, DATA("x"), &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_feed_finish(plan, &error));

  feed = new_feed("{\"name\":\"upload.csv\"}");
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_frame_shape(feed, &rows, &columns, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_feed_write(feed, NULL, 1, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_feed_write(feed, (const uint8_t *)"x", -1, &error));
  OK(pardox_feed_write(feed, DATA("a,b\n1,\"2\n"), &error));
  OK(pardox_feed_finish(feed, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_feed_write(feed, DATA("x"), &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_feed_finish(feed, &error));

  /* An error of its records carries its name. */
  OK(pardox_collect(plan, &feed, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  CHECK(state == PARDOX_STATE_FAILED);
  FAILS(PARDOX_STATUS_UNTERMINATED_QUOTE, pardox_operation_result(operation, &result, &error));
  CHECK(strcmp(last_error.file, "upload.csv") == 0 && last_error.byte_offset == 6);
  release(&operation);
  /* A frame where a feed is named. */
  OK(pardox_collect(plan, &frame, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  FAILS(PARDOX_STATUS_INVALID_PLAN, pardox_operation_result(operation, &result, &error));
  release(&operation);
  uint64_t stale = feed;
  release(&feed);
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_feed_write(stale, DATA("x"), &error));
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_feed_finish(stale, &error));
  release(&plan);
}

static void never_finished(void) {
  uint64_t plan = new_plan(COUNT), feed = new_feed(""), operation, result;
  int32_t state;
  OK(pardox_feed_write(feed, DATA("a\n1\n"), &error));
  /* Cancelled while it waits. */
  OK(pardox_collect(plan, &feed, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_cancel(operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  FAILS(PARDOX_STATUS_CANCELLED, pardox_operation_result(operation, &result, &error));
  release(&operation);
  /* Released while it waits. */
  OK(pardox_collect(plan, &feed, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, 5, &state, &error));
  CHECK(state == PARDOX_STATE_RUNNING);
  release(&feed);
  OK(pardox_operation_wait(operation, -1, &state, &error));
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_operation_result(operation, &result, &error));
  CHECK(strcmp(last_error.file, "feed") == 0);
  release(&operation);
  release(&plan);
  feed = new_feed("");
  release(&feed);
}

/* What a read set aside travels with its frame, and with what is computed of it. */
static void set_aside(void) {
  const char *plans[] = {
      "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"scan_csv\":{\"feed\":0,\"options\":"
      "{\"on_short\":\"quarantine\"}}}}",
      "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"union\":{\"inputs\":"
      "[{\"frame\":{\"index\":0}},{\"frame\":{\"index\":1}}]}}}",
  };
  uint64_t given[2] = {new_feed(""), 0}, plan, operation, attached = 7;
  int32_t state;
  int64_t rows, columns;
  OK(pardox_feed_write(given[0], DATA("a,b\n1,2\n3\n4,5\n"), &error));
  OK(pardox_feed_finish(given[0], &error));
  for (int step = 0; step < 2; step += 1) {
    OK(pardox_plan_parse(TEXT(plans[step]), &plan, &error));
    OK(pardox_collect(plan, given, step + 1, NULL, 0, NULL, 0, &operation, &error));
    OK(pardox_operation_wait(operation, -1, &state, &error));
    release(&given[0]);
    release(&given[1]);
    OK(pardox_operation_result(operation, &given[0], &error));
    OK(pardox_operation_result(operation, &given[1], &error));
    release(&operation);
    release(&plan);
    /* One record, also where two handles of one table stand in a plan. */
    OK(pardox_frame_attached(given[0], TEXT("quarantine"), &attached, &error));
    OK(pardox_frame_shape(attached, &rows, &columns, &error));
    CHECK(rows == 1 && columns == 7);
    release(&attached);
    OK(pardox_frame_attached(given[0], TEXT("counts"), &attached, &error));
    OK(pardox_frame_shape(attached, &rows, &columns, &error));
    CHECK(rows == 1 && columns == 3);
    release(&attached);
  }
  attached = 7;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_frame_attached(given[0], TEXT("faults"), &attached, &error));
  CHECK(attached == 0);
  release(&given[0]);
  release(&given[1]);
}

static atomic_int written, busy;
static uint64_t shared;

static void *push(void *unused) {
  (void)unused;
  static const uint8_t piece[1 << 16] = {0};
  for (int i = 0; i < 200; i += 1) {
    pardox_error error = new_error();
    int32_t status = pardox_feed_write(shared, piece, sizeof piece, &error);
    CHECK(status == PARDOX_STATUS_OK || status == PARDOX_STATUS_BUSY);
    if (status == PARDOX_STATUS_OK) written += 1;
    if (status == PARDOX_STATUS_BUSY) busy += 1;
  }
  return NULL;
}

static void two_at_once(void) {
  pthread_t threads[2];
  shared = new_feed("");
  for (int i = 0; i < 2; i += 1) CHECK(pthread_create(&threads[i], NULL, push, NULL) == 0);
  for (int i = 0; i < 2; i += 1) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(written + busy == 400 && written > 0);
  OK(pardox_feed_finish(shared, &error));
  release(&shared);
}

int main(void) {
  uint64_t frame = new_frame();
  Live before = live_now();
  written_before_and_after(frame);
  counted();
  misuse(frame);
  OK(pardox_frame_attached(frame, TEXT("counts"), &shared, &error));
  CHECK(shared == 0);
  never_finished();
  two_at_once();
  set_aside();
  CHECK_LIVE(before);
  release(&frame);
  check_all_released();
  return 0;
}
