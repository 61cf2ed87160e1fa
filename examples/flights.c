/*
 * The worst routes out of New York: reads CSV, asks, keeps the table as .prdx, asks again.
 *
 *   flights-c <folder of the tables> <folder to write to> <flights_min>
 *
 * On the C interface alone. A plan is a small JSON document, or a `select` statement; the tables
 * that it works on are frames handed in beside it. A failure ends the program with its message.
 */
#define _XOPEN_SOURCE 700 /* open_memstream, clock_gettime, getrusage */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "pardox.h"

/* Text as the library takes it: pointer and length in bytes. */
#define TEXT(text) (text), (int64_t)strlen(text)

/* The plans of one step; %s is a path as JSON, and frame 0 the frame handed in. */
#define PLAN(step) "{\"schema\":1,\"engine\":\"0.1\",\"plan\":" step "}"
#define READ_CSV PLAN("{\"scan_csv\":{\"path\":%s,\"options\":{\"null_values\":[\"NA\"]}}}")
#define READ_PRDX PLAN("{\"scan_prdx\":{\"path\":%s}}")
#define WRITE_PRDX PLAN("{\"write_prdx\":{\"path\":%s,\"input\":{\"frame\":{\"index\":0}}}}")
#define ENRICH                                                                           \
  PLAN("{\"with_columns\":{"                                                             \
       "\"columns\":[{\"text\":\"distance * 1.609344 / (air_time / 60) as speed_kmh\"}]," \
       "\"input\":{\"filter\":{"                                                         \
       "\"predicate\":{\"text\":\"air_time > 60\"},"                                     \
       "\"input\":{\"frame\":{\"index\":0}}}}}}")

/* The column of a written file's report (path, rows, bytes) that counts rows. */
enum { REPORT_ROWS = 1 };

static const char *WORST_ROUTES =
    "with routes as ("
    "  select carrier, dest, count(*) as n,"
    "    mean(arr_delay) as mean_delay,"
    "    max(arr_delay) as worst_delay,"
    "    sum(cast(arr_delay > 0 as int64)) as late,"
    "    mean(cast(arr_delay > 0 as int64)) as late_share,"
    "    mean(speed_kmh) as mean_kmh"
    "  from enriched group by carrier, dest"
    "  having count(*) >= :flights_min),"
    " worst as ("
    "  select * from routes join airlines using (carrier)"
    "  order by mean_delay desc, carrier, dest limit 10)"
    " select carrier, name, dest, n, round(mean_delay, 2) as mean_delay, worst_delay, late,"
    "  round(late_share, 4) as late_share, round(mean_kmh, 1) as mean_kmh from worst";

static pardox_error error = {.struct_size = sizeof error};
static struct timespec step_begin;

/* Every function of the library returns a status, and says what went wrong in the error record. */
static void check(int32_t status) {
  if (status == PARDOX_STATUS_OK) return;
  fprintf(stderr, "%s\n", error.message);
  exit(1);
}

static void need(int holds, const char *what) {
  if (holds) return;
  perror(what);
  exit(1);
}

static void release(uint64_t handle) {
  check(pardox_release(&handle, &error));
}

/* Text by a format, to be freed. */
static char *format(const char *shape, ...) {
  char *text;
  size_t size;
  va_list arguments;
  FILE *stream = open_memstream(&text, &size);
  need(stream != NULL, "open_memstream");
  va_start(arguments, shape);
  need(vfprintf(stream, shape, arguments) >= 0, "vfprintf");
  va_end(arguments);
  need(fclose(stream) == 0, "fclose");
  return text;
}

/* Text as a JSON string with its quotes, to be freed. */
static char *quoted(const char *text) {
  char *json = malloc(6 * strlen(text) + 3); /* the longest escape, \u001f, takes six bytes */
  char *end = json;
  need(json != NULL, "malloc");
  *end++ = '"';
  for (; *text != '\0'; text += 1) {
    if ((unsigned char)*text < 0x20) {
      end += sprintf(end, "\\u%04x", (unsigned)*text);
    } else {
      if (*text == '"' || *text == '\\') *end++ = '\\';
      *end++ = *text;
    }
  }
  *end++ = '"';
  *end = '\0';
  return json;
}

/* Answers a plan, which is given back: waits for the work and gives its result. */
static uint64_t answer(uint64_t plan, const uint64_t *frames, int64_t count, const char *params) {
  uint64_t operation, result;
  int32_t state;
  check(pardox_collect(plan, frames, count, TEXT(params), NULL, 0, &operation, &error));
  check(pardox_operation_wait(operation, -1, &state, &error));
  check(pardox_operation_result(operation, &result, &error)); /* or the error it ended with */
  release(operation);
  release(plan);
  return result;
}

/* Asks what a plan document says: of a frame, or of a file where `frame` is 0. */
static uint64_t question(const char *plan_format, const char *path, uint64_t frame) {
  uint64_t plan;
  char *json_path = quoted(path);
  char *document = format(plan_format, json_path);
  check(pardox_plan_parse(TEXT(document), &plan, &error));
  free(document);
  free(json_path);
  return answer(plan, &frame, frame == 0 ? 0 : 1, "");
}

static uint64_t worst_routes(uint64_t enriched, uint64_t airlines, const char *flights_min) {
  uint64_t plan, frames[] = {enriched, airlines};
  const char *names = "[\"enriched\",\"airlines\"]"; /* in the order of the frames */
  check(pardox_plan_from_sql(TEXT(WORST_ROUTES), TEXT(names), &plan, &error));
  char *least = quoted(flights_min);
  char *params = format("{\"flights_min\":{\"int64\":%s}}", least);
  uint64_t worst = answer(plan, frames, 2, params);
  free(params);
  free(least);
  return worst;
}

static void begin_step(void) {
  clock_gettime(CLOCK_MONOTONIC, &step_begin);
}

/* Time, rows and memory, to stderr. */
static void end_step(const char *step, int64_t rows) {
  struct timespec now;
  struct rusage usage;
  clock_gettime(CLOCK_MONOTONIC, &now);
  getrusage(RUSAGE_SELF, &usage);
  double ms = (double)(now.tv_sec - step_begin.tv_sec) * 1e3 +
              (double)(now.tv_nsec - step_begin.tv_nsec) / 1e6;
  fprintf(stderr, "%-14s %9.1f ms %9lld rows %8.0f MB peak\n", step, ms, (long long)rows,
          (double)usage.ru_maxrss / 1024);
}

static void end_step_with(const char *step, uint64_t frame) {
  int64_t rows, columns;
  check(pardox_frame_shape(frame, &rows, &columns, &error));
  end_step(step, rows);
}

/* Asks, and prints the table, which is given back. */
static void show(const char *step, uint64_t enriched, uint64_t airlines, const char *flights_min) {
  uint64_t table;
  const uint8_t *text;
  int64_t length;
  begin_step();
  uint64_t worst = worst_routes(enriched, airlines, flights_min);
  end_step_with(step, worst);
  check(pardox_frame_display(worst, TEXT("{\"width\":100}"), &table, &error));
  check(pardox_bytes_view(table, &text, &length, &error));
  need(fwrite(text, 1, (size_t)length, stdout) == (size_t)length, "stdout");
  release(table);
  release(worst);
}

static uint64_t read_csv(const char *step, const char *folder, const char *name) {
  char *path = format("%s/%s", folder, name);
  begin_step();
  uint64_t frame = question(READ_CSV, path, 0);
  end_step_with(step, frame);
  free(path);
  return frame;
}

static void write_prdx(const char *step, uint64_t frame, const char *path) {
  uint64_t column;
  int64_t rows, copied;
  begin_step();
  uint64_t report = question(WRITE_PRDX, path, frame);
  check(pardox_frame_column(report, REPORT_ROWS, &column, &error));
  check(pardox_column_copy(column, 0, 1, &rows, sizeof rows, NULL, 0, &copied, &error));
  end_step(step, rows);
  release(column);
  release(report);
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: flights-c <folder of the tables> <folder to write to> <flights_min>\n");
    return 2;
  }
  const char *tables = words[1], *output = words[2], *flights_min = words[3];
  uint64_t flights = read_csv("read flights", tables, "flights.csv");
  uint64_t airlines = read_csv("read airlines", tables, "airlines.csv");
  begin_step();
  uint64_t enriched = question(ENRICH, "", flights);
  end_step_with("enrich", enriched);
  show("ask", enriched, airlines, flights_min);

  char *path = format("%s/enriched.prdx", output);
  write_prdx("write prdx", enriched, path);
  begin_step();
  uint64_t again = question(READ_PRDX, path, 0);
  end_step_with("open prdx", again);
  show("ask again", again, airlines, flights_min);
  free(path);

  release(again);
  release(enriched);
  release(airlines);
  release(flights);
  check(pardox_shutdown(&error)); /* the library's threads have ended when the program does */
  need(fclose(stdout) == 0, "stdout");
  return 0;
}
