/*
 * What stands below the CALLs of COBOL. Every PDX* function has the same shape:
 *
 *   COBOL areas --> pdx_call: plan document + frames --> pardox_collect, wait --> frame or status
 *      (BY REFERENCE, text padded with blanks)              (library.c, run.c)
 *
 * pdxshim.gen.c has the steps, from the model; face.c and reader.c the rest, by hand. A call keeps
 * its first fault: what comes after it does nothing, so that a body reads from top to bottom.
 */

#ifndef PDXSHIM_H
#define PDXSHIM_H

#include <stddef.h>
#include <stdint.h>

#include "native.gen.h"
#include "pardox.h"

/* The only symbols that leave the shared library. */
#define PDX_EXPORT __attribute__((visibility("default")))

enum {
  PDX_FRAMES_MAX = 16,             /* frames of one call */
  PDX_TABLES_MAX = 8,              /* OCCURS of PDX-TABLE */
  PDX_PARAMS_MAX = 32,             /* OCCURS of PDX-PARAM */
  PDX_TEXT_BYTES_MAX = 16 << 20,   /* one text area */
  PDX_NAME_BYTES_MAX = 1024,       /* one name within a list */
  PDX_STATUS_END = 10,             /* the end of the rows, as FILE STATUS 10 */
};

/* PDX-TABLES of PDXOPS.cpy: the frames that a statement names. */
typedef struct pdx_tables {
  int32_t count;
  int32_t filler;
  struct {
    uint64_t frame;
    char name[64];
  } table[PDX_TABLES_MAX];
} pdx_tables;

/* PDX-PARAMS of PDXOPS.cpy: values of `:name`. */
typedef struct pdx_params {
  int32_t count;
  int32_t filler;
  struct {
    char name[32];
    char type[12];
    int32_t length; /* of the value; 0: up to its trailing blanks */
    char value[256];
  } param[PDX_PARAMS_MAX];
} pdx_params;

/* Text that grows; `data` is the owner's. */
typedef struct pdx_text {
  char *data;
  size_t length;
  size_t capacity;
} pdx_text;

/* A piece of text that somebody else owns. */
typedef struct pdx_piece {
  const char *data;
  size_t length;
} pdx_piece;

/* One CALL from its begin to its end. */
typedef struct pdx_call {
  const char *name;
  pardox_error error;    /* what went wrong; status 0 as long as nothing did */
  pardox_error *answer;  /* the caller's record, or NULL */
  int32_t return_code;   /* forced one, else -1 */
  int is_first;          /* no comma before the next field */
  pdx_text plan;
  pdx_text params;
  int64_t frame_count;
  uint64_t frames[PDX_FRAMES_MAX];
  uint64_t *sources[PDX_FRAMES_MAX]; /* the items that the frames came from */
} pdx_call;

/* ---- library.c: finding and loading libpardox ---- */

extern pdx_natives pdx_native;
/* Loads the library once; a failure is the call's fault and is tried again by the next call. */
void pdx_load(pdx_call *call);

/* ---- run.c: a call's begin and end ---- */

void pdx_begin(pdx_call *call, const char *name, pardox_error *answer);
/* Gives the RETURN-CODE, having written the caller's error record. */
int pdx_end(pdx_call *call);
int pdx_failed(const pdx_call *call);
/* Sets the fault, unless there is one. `expected`, `found` and `hint` may be NULL. */
void pdx_fault(pdx_call *call, int32_t status, const char *expected, const char *found,
               const char *hint);
/* Whether the item is there; a missing one is the fault. */
int pdx_given(pdx_call *call, const void *item, const char *what);
/* Runs the step and writes the frame; a frame that stood in `result` as a source is released. */
int pdx_run(pdx_call *call, uint64_t *result);
/* Runs a step that writes a file, and tells rows and bytes. */
int pdx_run_report(pdx_call *call, int64_t *rows, int64_t *bytes);
/* Runs a step that counts. */
int pdx_run_count(pdx_call *call, int64_t *rows);
/* Answers the question at hand; 0 where it failed. */
uint64_t pdx_answer(pdx_call *call);
/* Releases a handle and sets it to 0; faults are not told. */
void pdx_drop(uint64_t *handle);
/* Copies bytes that the library made into an area, padded with blanks: all of them or a fault. */
void pdx_copy_bytes(pdx_call *call, uint64_t bytes, char *area, const int32_t *area_length,
                    int32_t *text_length);

/* ---- csv.c: what a CSV file seems to be, and feeds ---- */

/* Runs a step that sniffs, and gives the options found as JSON. */
int pdx_run_sniff(pdx_call *call, char *found, const int32_t *found_length, int32_t *text_length,
                  int64_t *column_count, double *confidence, char *doubt,
                  const int32_t *doubt_length);

/* ---- face.c: names of columns ---- */

/* Reads `[{"name":..}]` up to the name at `number`, counting from 1; 0 behind the last. */
int pdx_read_name(pdx_call *call, pdx_piece json, int64_t number, pdx_text *name);

/* ---- text.c: areas to pieces, pieces to JSON ---- */

/* The text of an area without its trailing blanks; empty where there is none. */
pdx_piece pdx_piece_of(pdx_call *call, const char *area, const int32_t *length, const char *what);
pdx_piece pdx_fixed(const char *area, size_t length);
int pdx_word_is(pdx_piece piece, const char *word); /* in any case */
void pdx_put(pdx_call *call, pdx_text *text, const char *data, size_t length);
void pdx_put_word(pdx_call *call, pdx_text *text, const char *word);
void pdx_put_number(pdx_call *call, pdx_text *text, int64_t number);
void pdx_put_string(pdx_call *call, pdx_text *text, pdx_piece piece);
/* The next name of a list and what ended it: `,`, `=`, a blank, or 0 at the end. */
int pdx_next_name(pdx_call *call, pdx_piece *rest, pdx_text *name, int *has_quotes);
void pdx_skip_blanks(pdx_piece *rest);

/* ---- step.c: the fields of a step ---- */

void pdx_step(pdx_call *call, const char *node);
void pdx_field_frame(pdx_call *call, const char *field, uint64_t *frame);
/* The position of a handle that is no frame: a feed. */
void pdx_field_handle(pdx_call *call, const char *field, uint64_t *handle);
void pdx_field_frames(pdx_call *call, const char *field, uint64_t *first, uint64_t *second);
void pdx_field_fixed(pdx_call *call, const char *field, const char *json);
void pdx_field_text(pdx_call *call, const char *field, pdx_piece piece);
/* A path, or as `paths` a JSON list of them. */
void pdx_field_source(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_choice(pdx_call *call, const char *field, pdx_piece piece, const char *otherwise);
void pdx_field_expression(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_texts(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_names(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_names_or_all(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_keys(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_renamings(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_options(pdx_call *call, const char *field, pdx_piece piece);
void pdx_field_count(pdx_call *call, const char *field, const int64_t *count, int64_t otherwise);
void pdx_field_count_or_all(pdx_call *call, const char *field, const int64_t *count);
void pdx_field_tables(pdx_call *call, const char *field, pdx_tables *tables);
void pdx_give_params(pdx_call *call, const pdx_params *params);

#endif
