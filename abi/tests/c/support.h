/* What the C tests share: checks that name their line, Arrow's structs, and a frame to work on. */

#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pardox.h"

/* From the Arrow C data and stream interfaces (arrow.apache.org/docs/format). */
struct ArrowSchema {
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;
  void (*release)(struct ArrowSchema *);
  void *private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;
  void (*release)(struct ArrowArray *);
  void *private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);
  void (*release)(struct ArrowArrayStream *);
  void *private_data;
};

#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) {                                                   \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);     \
      exit(1);                                                            \
    }                                                                     \
  } while (0)

/* The call succeeds. */
#define OK(call)                                                                        \
  do {                                                                                  \
    pardox_error error = new_error();                                                   \
    int32_t status = call;                                                              \
    if (status != PARDOX_STATUS_OK) {                                                   \
      fprintf(stderr, "%s:%d: %s: %d %s\n", __FILE__, __LINE__, #call, status, error.message); \
      exit(1);                                                                          \
    }                                                                                   \
    CHECK(error.status == PARDOX_STATUS_OK);                                            \
  } while (0)

/* The call fails with this status, and the record says the same and has a message. */
#define FAILS(expected, call)                                                           \
  do {                                                                                  \
    pardox_error error = new_error();                                                   \
    int32_t status = call;                                                              \
    if (status != (expected) || error.status != status || error.message_length == 0) {  \
      fprintf(stderr, "%s:%d: %s: expected %d, found %d %s\n", __FILE__, __LINE__, #call, \
              (int)(expected), status, error.message);                                  \
      exit(1);                                                                          \
    }                                                                                   \
    CHECK(error.message[error.message_length] == '\0');                                 \
    last_error = error;                                                                 \
  } while (0)

/* The record of the last FAILS. */
static pardox_error last_error;

static inline pardox_error new_error(void) {
  pardox_error error;
  memset(&error, 0x5A, sizeof error);
  error.struct_size = sizeof error;
  error.message_length = 0;
  error.message[0] = '\0';
  return error;
}

typedef struct {
  int64_t handle_count, size_bytes;
} Live;

static inline Live live_now(void) {
  Live live;
  OK(pardox_live(&live.handle_count, &live.size_bytes, &error));
  return live;
}

/* Nothing was left behind since `before`. */
#define CHECK_LIVE(before)                                  \
  do {                                                      \
    Live now = live_now();                                  \
    CHECK(now.handle_count == (before).handle_count);       \
    CHECK(now.size_bytes == (before).size_bytes);           \
  } while (0)

static inline void release(uint64_t *handle) {
  OK(pardox_release(handle, &error));
  CHECK(*handle == 0);
}

/* The bytes behind a handle as a C text that the caller frees; gives the handle back. */
static inline char *take_text(uint64_t *bytes) {
  const uint8_t *data;
  int64_t length;
  OK(pardox_bytes_view(*bytes, &data, &length, &error));
  char *text = malloc((size_t)length + 1);
  CHECK(text != NULL);
  if (length > 0) memcpy(text, data, (size_t)length);
  text[length] = '\0';
  release(bytes);
  return text;
}

#define CHECK_TEXT(bytes, expected)            \
  do {                                         \
    char *text = take_text(&(bytes));          \
    if (strcmp(text, (expected)) != 0) {       \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, text); \
      exit(1);                                 \
    }                                          \
    free(text);                                \
  } while (0)

/* ---- a frame of five rows in two batches, made by a sender whose releases are counted ----
 *
 *   i: 1, null, -3, 4, 5      f: 0.5, 1.5, null, -0.0, 2.25      u: "a", "", null, "é", "xyz"
 *   b: true, false, null, true, false        d: 0, 1, 2, 3, null
 */
enum { COLUMNS = 5, BATCHES = 2, ROWS = 5 };

static atomic_int arrays_out, streams_out, schemas_out;

static inline void release_schema(struct ArrowSchema *schema) {
  for (int64_t i = 0; i < schema->n_children; i += 1) {
    if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
    free(schema->children[i]);
  }
  free(schema->children);
  schema->release = NULL;
  schemas_out -= 1;
}

static inline void release_array(struct ArrowArray *array) {
  for (int64_t i = 0; i < array->n_children; i += 1) {
    if (array->children[i]->release != NULL) array->children[i]->release(array->children[i]);
    free(array->children[i]);
  }
  for (int64_t i = 0; i < array->n_buffers; i += 1) free((void *)array->buffers[i]);
  free(array->buffers);
  free(array->children);
  array->release = NULL;
  arrays_out -= 1;
}

static inline int sender_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static const char *names[COLUMNS] = {"i", "f", "u", "b", "d"};
  static const char *formats[COLUMNS] = {"l", "g", "u", "b", "tdD"};
  (void)stream;
  memset(out, 0, sizeof *out);
  out->format = "+s";
  out->name = "";
  out->n_children = COLUMNS;
  out->children = calloc(COLUMNS, sizeof *out->children);
  out->release = release_schema;
  schemas_out += 1;
  for (int i = 0; i < COLUMNS; i += 1) {
    struct ArrowSchema *child = calloc(1, sizeof *child);
    child->format = formats[i];
    child->name = names[i];
    child->flags = 2; /* nullable */
    child->release = release_schema;
    out->children[i] = child;
    schemas_out += 1;
  }
  return 0;
}

static inline const void *owned(const void *bytes, size_t size) {
  void *copy = malloc(size + 8);
  CHECK(copy != NULL);
  memcpy(copy, bytes, size);
  return copy;
}

static inline struct ArrowArray *new_child(int64_t length, int64_t null_count, int64_t n_buffers) {
  struct ArrowArray *child = calloc(1, sizeof *child);
  CHECK(child != NULL);
  child->length = length;
  child->null_count = null_count;
  child->n_buffers = n_buffers;
  child->buffers = calloc((size_t)n_buffers, sizeof *child->buffers);
  child->release = release_array;
  arrays_out += 1;
  return child;
}

static inline int sender_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  int *batch = stream->private_data;
  memset(out, 0, sizeof *out);
  if (*batch == BATCHES) return 0;
  int first = *batch == 0;
  int64_t length = first ? 3 : 2;
  out->length = length;
  out->n_buffers = 1;
  out->buffers = calloc(1, sizeof *out->buffers);
  out->n_children = COLUMNS;
  out->children = calloc(COLUMNS, sizeof *out->children);
  out->release = release_array;
  arrays_out += 1;

  static const int64_t i0[] = {1, 77, -3}, i1[] = {4, 5};
  static const double f0[] = {0.5, 1.5, 99.0}, f1[] = {-0.0, 2.25};
  static const int32_t o0[] = {0, 1, 1, 4}, o1[] = {0, 2, 5}, d0[] = {0, 1, 2}, d1[] = {3, 9};
  static const uint8_t without_1[] = {0x5}, without_2[] = {0x3}, d1_valid[] = {0x1};
  static const uint8_t b0[] = {0x1}, b1[] = {0x1};

  out->children[0] = new_child(length, first ? 1 : 0, 2);
  if (first) out->children[0]->buffers[0] = owned(without_1, 1);
  out->children[0]->buffers[1] = first ? owned(i0, sizeof i0) : owned(i1, sizeof i1);
  out->children[1] = new_child(length, first ? 1 : 0, 2);
  if (first) out->children[1]->buffers[0] = owned(without_2, 1);
  out->children[1]->buffers[1] = first ? owned(f0, sizeof f0) : owned(f1, sizeof f1);
  out->children[2] = new_child(length, first ? 1 : 0, 3);
  if (first) out->children[2]->buffers[0] = owned(without_2, 1);
  out->children[2]->buffers[1] = first ? owned(o0, sizeof o0) : owned(o1, sizeof o1);
  out->children[2]->buffers[2] = first ? owned("aqqq", 4) : owned("\xC3\xA9xyz", 5);
  out->children[3] = new_child(length, first ? 1 : 0, 2);
  if (first) out->children[3]->buffers[0] = owned(without_2, 1);
  out->children[3]->buffers[1] = first ? owned(b0, 1) : owned(b1, 1);
  out->children[4] = new_child(length, first ? 0 : 1, 2);
  if (!first) out->children[4]->buffers[0] = owned(d1_valid, 1);
  out->children[4]->buffers[1] = first ? owned(d0, sizeof d0) : owned(d1, sizeof d1);
  *batch += 1;
  return 0;
}

static inline const char *sender_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "the sender has no more";
}

static inline void release_sender(struct ArrowArrayStream *stream) {
  free(stream->private_data);
  stream->release = NULL;
  streams_out -= 1;
}

static inline struct ArrowArrayStream new_sender(void) {
  struct ArrowArrayStream stream = {sender_schema, sender_next, sender_error, release_sender,
                                    calloc(1, sizeof(int))};
  streams_out += 1;
  return stream;
}

static inline uint64_t new_frame(void) {
  struct ArrowArrayStream stream = new_sender();
  uint64_t frame;
  OK(pardox_frame_from_arrow(&stream, &frame, &error));
  CHECK(stream.release == NULL);
  CHECK(frame != 0 && frame < UINT64_C(1) << 53);
  return frame;
}

static inline void check_all_released(void) {
  CHECK(arrays_out == 0);
  CHECK(streams_out == 0);
  CHECK(schemas_out == 0);
}

#endif
