/* A forked child: may begin afresh where the parent had not begun, is refused where it had. */

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

enum { CHURNING_MAX = 2 };
#ifdef UNDER_VALGRIND
enum { CHURNING = 0, CHILDREN = 1 };
#else
enum { CHURNING = CHURNING_MAX, CHILDREN = 100 };
#endif

static void run_child(void (*body)(void)) {
  fflush(NULL);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    alarm(20); /* a lock that is never let go ends the child, and the test */
    body();
    _exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void begins_afresh(void) {
  uint64_t frame = new_frame();
  int64_t rows, columns;
  OK(pardox_frame_shape(frame, &rows, &columns, &error));
  FAILS(PARDOX_STATUS_INTERNAL, pardox_inject_panic(1, &error)); /* threads work too */
  release(&frame);
}

static uint64_t frame, column, feed;
static struct ArrowArrayStream exported;

static void is_refused(void) {
  int64_t a = 9, b = 9, c = 9;
  int32_t small = 9;
  uint32_t major, minor;
  uint64_t other = 9;
  pardox_view view = {.struct_size = sizeof view};
  FAILS(PARDOX_STATUS_FORKED, pardox_frame_shape(frame, &a, &b, &error));
  CHECK(a == 0 && b == 0 && strstr(last_error.hint, "after the fork") != NULL);
  FAILS(PARDOX_STATUS_FORKED, pardox_abi_version(&major, &minor, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_live(&a, &b, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_shutdown(&error));
  FAILS(PARDOX_STATUS_FORKED, pardox_inject_panic(0, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_library_version(&other, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_column_view(column, 0, &view, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_plan_parse("{}", 2, &other, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_operation_wait(frame, 0, &small, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_reader_fetch(frame, NULL, 0, 1, &c, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_feed_open(NULL, 0, &other, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_feed_write(feed, (const uint8_t *)"x", 1, &error));
  FAILS(PARDOX_STATUS_FORKED, pardox_feed_finish(feed, &error));
  struct ArrowArrayStream stream = new_sender();
  FAILS(PARDOX_STATUS_FORKED, pardox_frame_from_arrow(&stream, &other, &error));
  CHECK(other == 0 && stream.release == NULL);
  OK(pardox_release(&frame, &error)); /* destructors of the host stay quiet */
  CHECK(frame == 0);
  exported.release(&exported); /* what has left needs no lock of ours */
}

static atomic_int stop;

static void *churn(void *unused) {
  (void)unused;
  while (stop == 0) {
    uint64_t own = new_frame();
    release(&own);
  }
  return NULL;
}

int main(void) {
  uint32_t major, minor;
  int32_t satisfied;
  /* What a server asks before it forks does not bind the library to its process. */
  OK(pardox_abi_version(&major, &minor, &error));
  OK(pardox_has_surface(FINGERPRINT, &satisfied, &error));
  Live before = live_now();
  run_child(begins_afresh);

  frame = new_frame();
  OK(pardox_frame_column(frame, 0, &column, &error));
  OK(pardox_frame_to_arrow(frame, &exported, &error));
  OK(pardox_feed_open(NULL, 0, &feed, &error));
  OK(pardox_feed_write(feed, (const uint8_t *)"a\n", 2, &error));
  /* While other threads hold and let go of the library's locks. What these threads had in hand is
     lost to the child, which valgrind would call a leak. */
  pthread_t threads[CHURNING_MAX];
  for (int i = 0; i < CHURNING; i += 1) {
    CHECK(pthread_create(&threads[i], NULL, churn, NULL) == 0);
  }
  for (int i = 0; i < CHILDREN; i += 1) run_child(is_refused);
  stop = 1;
  for (int i = 0; i < CHURNING; i += 1) CHECK(pthread_join(threads[i], NULL) == 0);

  int64_t rows, columns;
  OK(pardox_frame_shape(frame, &rows, &columns, &error)); /* the parent goes on */
  OK(pardox_feed_write(feed, (const uint8_t *)"1\n", 2, &error));
  OK(pardox_feed_finish(feed, &error));
  exported.release(&exported);
  release(&feed);
  release(&column);
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
  return 0;
}
