/* Plans and operations: a question from its text to its answer, and what is refused. */

#include "support.h"

#define TEXT(text) (text), (int64_t)strlen(text)

static const char *FILTER =
    "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"filter\":{\"input\":{\"frame\":{\"index\":0}},"
    "\"predicate\":{\"text\":\"i > :least\"}}}}";
static const char *LEAST = "{\"least\":{\"int64\":\"3\"}}";
static const char *BROKEN =
    "{\"schema\":1,\"engine\":\"0.1\",\"plan\":{\"filter\":{\"input\":{\"frame\":{\"index\":0}},"
    "\"predicate\":{\"text\":\"nope > 3\"}}}}";

static void parsing(void) {
  uint64_t plan = 9;
  FAILS(PARDOX_STATUS_INVALID_PLAN, pardox_plan_parse(TEXT("{}"), &plan, &error));
  CHECK(plan == 0);
  FAILS(PARDOX_STATUS_INVALID_PLAN, pardox_plan_parse(NULL, 0, &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_plan_parse(NULL, 1, &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_plan_parse(FILTER, -1, &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_UTF8, pardox_plan_parse("\xC0\xAF", 2, &plan, &error));
  CHECK(last_error.byte_offset == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_plan_parse(TEXT(FILTER), NULL, &error));

  /* Deep and huge documents are answered, not crashed on. */
  size_t depth = 3000000;
  char *deep = malloc(depth);
  CHECK(deep != NULL);
  memset(deep, '[', depth);
  FAILS(PARDOX_STATUS_LIMIT_EXCEEDED, pardox_plan_parse(deep, (int64_t)depth, &plan, &error));
  memset(deep, 'x', depth);
  FAILS(PARDOX_STATUS_INVALID_PLAN, pardox_plan_parse(deep, (int64_t)depth, &plan, &error));
  CHECK(last_error.message_length < sizeof last_error.message);
  free(deep);

  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_plan_from_sql(TEXT("select 1 as a from t"), TEXT("[\"t\",\"t\"]"), &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_plan_from_sql(TEXT("select 1 as a from t"), TEXT("{}"), &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_plan_from_sql(TEXT("select"), TEXT("[]"), NULL, &error));
}

static void answers(uint64_t frame) {
  uint64_t plan, bytes, operation, result, again;
  int32_t state;
  int64_t rows, columns, done, total;
  OK(pardox_plan_parse(TEXT(FILTER), &plan, &error));
  OK(pardox_plan_schema(plan, &frame, 1, TEXT(LEAST), &bytes, &error));
  char *schema = take_text(&bytes);
  CHECK(strncmp(schema, "[{\"name\":\"i\",\"dtype\":\"int64\"}", 29) == 0);
  free(schema);
  OK(pardox_plan_explain(plan, &frame, 1, TEXT(LEAST), &bytes, &error));
  char *explained = take_text(&bytes);
  CHECK(strlen(explained) > 0);
  free(explained);
  OK(pardox_plan_canonical(plan, &frame, 1, &bytes, &error));
  char *canonical = take_text(&bytes);
  CHECK(strstr(canonical, "\"text\"") == NULL && strstr(canonical, "\"gt\"") != NULL);
  free(canonical);

  OK(pardox_collect(plan, &frame, 1, TEXT(LEAST), TEXT("{\"threads\":2}"), &operation, &error));
  release(&plan); /* the operation keeps it */
  OK(pardox_operation_wait(operation, -1, &state, &error));
  CHECK(state == PARDOX_STATE_DONE);
  OK(pardox_operation_wait(operation, 0, &state, &error));
  CHECK(state == PARDOX_STATE_DONE);
  OK(pardox_operation_progress(operation, &done, &total, &rows, &error));
  OK(pardox_operation_cancel(operation, &error)); /* too late: the outcome stays */
  OK(pardox_operation_result(operation, &result, &error));
  OK(pardox_operation_result(operation, &again, &error));
  CHECK(result != again);
  OK(pardox_frame_shape(result, &rows, &columns, &error));
  CHECK(rows == 2 && columns == COLUMNS);
  release(&again);
  release(&operation); /* the result stands on its own */
  OK(pardox_frame_display(result, NULL, 0, &bytes, &error));
  char *table = take_text(&bytes);
  CHECK(strstr(table, "xyz") != NULL);
  free(table);
  OK(pardox_frame_display(result, TEXT("{\"width\":40,\"rows\":1}"), &bytes, &error));
  release(&bytes);
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_frame_display(result, TEXT("{\"with\":40}"), &bytes, &error));
  CHECK(strcmp(last_error.hint, "did you mean \"width\"?") == 0);
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_frame_display(result, TEXT("{\"width\":0}"), &bytes, &error));
  release(&result);
}

static void sql(uint64_t frame) {
  uint64_t plan, operation, result, column;
  int32_t state;
  int64_t copied, values[ROWS];
  OK(pardox_plan_from_sql(TEXT("select i * 2 as twice from t where u = 'xyz'"), TEXT("[\"t\"]"),
                          &plan, &error));
  OK(pardox_collect(plan, &frame, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  OK(pardox_operation_result(operation, &result, &error));
  OK(pardox_frame_column(result, 0, &column, &error));
  OK(pardox_column_copy(column, 0, ROWS, values, sizeof values, NULL, 0, &copied, &error));
  CHECK(copied == 1 && values[0] == 10);
  release(&column);
  release(&result);
  release(&operation);
  release(&plan);
}

static void refusals(uint64_t frame) {
  uint64_t plan, operation = 9, result = 9, bytes, released, frames[2];
  int32_t state;
  OK(pardox_plan_parse(TEXT(FILTER), &plan, &error));
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_collect(plan, &frame, 1, TEXT(LEAST), TEXT("{\"thread\":2}"), &operation, &error));
  CHECK(operation == 0 && strcmp(last_error.hint, "did you mean \"threads\"?") == 0);
  FAILS(PARDOX_STATUS_INVALID_OPTION,
        pardox_collect(plan, &frame, 1, TEXT(LEAST), TEXT("{\"threads\":0}"), &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_PLAN,
        pardox_collect(plan, &frame, 1, TEXT("[]"), NULL, 0, &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_collect(plan, NULL, 1, TEXT(LEAST), NULL, 0, &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_collect(plan, &frame, -1, TEXT(LEAST), NULL, 0, &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_collect(plan, &frame, 1, TEXT(LEAST), NULL, 0, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE,
        pardox_collect(frame, &frame, 1, TEXT(LEAST), NULL, 0, &operation, &error));
  frames[0] = frame;
  frames[1] = plan;
  FAILS(PARDOX_STATUS_INVALID_HANDLE,
        pardox_collect(plan, frames, 2, TEXT(LEAST), NULL, 0, &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_operation_wait(0, 0, &state, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_operation_cancel(frame, &error));
  FAILS(PARDOX_STATUS_PARAMETER,
        pardox_plan_schema(plan, &frame, 1, NULL, 0, &bytes, &error));

  OK(pardox_collect(plan, &frame, 1, TEXT(LEAST), NULL, 0, &operation, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_operation_wait(operation, -2, &state, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_operation_wait(operation, -1, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT,
        pardox_operation_progress(operation, NULL, NULL, NULL, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_operation_result(operation, NULL, &error));
  released = operation;
  release(&operation);
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_operation_result(released, &result, &error));
  CHECK(result == 0);
  release(&plan);

  /* What the work finds wrong is told by the result, as often as it is asked. */
  OK(pardox_plan_parse(TEXT(BROKEN), &plan, &error));
  OK(pardox_collect(plan, &frame, 1, NULL, 0, NULL, 0, &operation, &error));
  OK(pardox_operation_wait(operation, -1, &state, &error));
  CHECK(state == PARDOX_STATE_FAILED);
  FAILS(PARDOX_STATUS_UNKNOWN_COLUMN, pardox_operation_result(operation, &result, &error));
  FAILS(PARDOX_STATUS_UNKNOWN_COLUMN, pardox_operation_result(operation, &result, &error));
  CHECK(strstr(last_error.message, "nope") != NULL);
  release(&operation);
  release(&plan);
}

int main(void) {
  Live before = live_now();
  parsing();
  uint64_t frame = new_frame();
  answers(frame);
  sql(frame);
  refusals(frame);
  release(&frame);
  CHECK_LIVE(before);
  OK(pardox_shutdown(&error)); /* waits for the work that was let go above */
  check_all_released();
  return 0;
}
