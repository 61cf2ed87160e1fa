/*
 * Finds libpardox, loads it, and checks that it is one that this shim was generated for.
 *
 *   PARDOX_LIBRARY, if set, alone  ->  beside libpdxcob.so  ->  the repository's target/release
 *
 * Nothing is linked: a missing library is a status with what was looked for, not a dead program.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdxshim.h"

#ifndef PDX_LIBRARY_NAME
#define PDX_LIBRARY_NAME "libpardox.so"
#endif

enum { PATH_BYTES_MAX = 4096, RETURN_CODE_SEVERE = 16 };

pdx_natives pdx_native;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int is_loaded;

/* The folder of this shared library, with its last slash. */
static void own_folder(char *folder) {
  Dl_info info;
  folder[0] = '\0';
  if (dladdr(&pdx_native, &info) == 0 || info.dli_fname == NULL) return;
  snprintf(folder, PATH_BYTES_MAX, "%s", info.dli_fname);
  char *slash = strrchr(folder, '/');
  if (slash == NULL) snprintf(folder, PATH_BYTES_MAX, "./");
  else slash[1] = '\0';
}

static void refuse(pdx_call *call, int32_t status, const char *expected, const char *found,
                   const char *hint) {
  pdx_fault(call, status, expected, found, hint);
  call->return_code = RETURN_CODE_SEVERE;
}

/* Tries one path; keeps in `why` what the system said, if the file is there at all. */
static void *try_path(const char *path, char *why, size_t why_bytes) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const char *said = library == NULL ? dlerror() : NULL;
  if (said != NULL) {
    size_t used = strlen(why);
    snprintf(why + used, why_bytes - used, "%s%s", used > 0 ? "; " : "", said);
  }
  return library;
}

static void *open_library(pdx_call *call) {
  char why[PATH_BYTES_MAX] = "", folder[PATH_BYTES_MAX], path[PATH_BYTES_MAX + 64];
  const char *given = getenv("PARDOX_LIBRARY");
  void *library = NULL;
  if (given != NULL && *given != '\0') library = try_path(given, why, sizeof why);
  else {
    own_folder(folder);
    snprintf(path, sizeof path, "%s%s", folder, PDX_LIBRARY_NAME);
    library = try_path(path, why, sizeof why);
    snprintf(path, sizeof path, "%s../../target/release/%s", folder, PDX_LIBRARY_NAME);
    if (library == NULL) library = try_path(path, why, sizeof why);
  }
  if (library == NULL) {
    refuse(call, PARDOX_STATUS_NOT_FOUND, "the native library " PDX_LIBRARY_NAME, why,
           given != NULL ? "PARDOX_LIBRARY must be the absolute path of the library"
                         : "put it beside libpdxcob.so or set PARDOX_LIBRARY to its absolute path");
  }
  return library;
}

/* Takes every function by its name, then asks whether the library satisfies this surface. */
static void bind_functions(pdx_call *call, void *library) {
  static const char *const HINT =
      "use the " PDX_LIBRARY_NAME " of the release that libpdxcob.so came with";
  pdx_natives natives;
  char found[128];
#define PDX_BIND(name)                                                       \
  *(void **)&natives.name = dlsym(library, #name);                           \
  if (natives.name == NULL) {                                                \
    refuse(call, PARDOX_STATUS_UNSUPPORTED_VERSION, "a library that has " #name, \
           "an older one", HINT);                                            \
    return;                                                                  \
  }
  PDX_NATIVES(PDX_BIND)
#undef PDX_BIND
  int32_t satisfied = 0;
  uint32_t major = 0, minor = 0;
  natives.pardox_abi_version(&major, &minor, NULL);
  int32_t status = natives.pardox_has_surface(PDX_FINGERPRINT, &satisfied, &call->error);
  if (status != PARDOX_STATUS_OK) {
    call->return_code = RETURN_CODE_SEVERE;
    return;
  }
  if (!satisfied) {
    snprintf(found, sizeof found, "one with ABI %u.%u and another surface", major, minor);
    refuse(call, PARDOX_STATUS_UNSUPPORTED_VERSION,
           "a library for the surface of this libpdxcob.so",
           found, HINT);
    return;
  }
  pdx_native = natives;
  is_loaded = 1;
}

void pdx_load(pdx_call *call) {
  pthread_mutex_lock(&lock);
  if (!is_loaded) {
    void *library = open_library(call);
    if (library != NULL) bind_functions(call, library);
    if (library != NULL && !is_loaded) dlclose(library);
  }
  pthread_mutex_unlock(&lock);
}
