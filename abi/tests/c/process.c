/* Versions, surfaces, live handles, release, panics, the error record, bytes. */

#include "support.h"

static void versions(void) {
  uint32_t major = 9, minor = 9;
  OK(pardox_abi_version(&major, &minor, &error));
  CHECK(major == 1 && minor == 0);
  CHECK(pardox_abi_version(&major, &minor, NULL) == PARDOX_STATUS_OK);
  minor = 9;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_abi_version(NULL, &minor, &error));
  CHECK(minor == 0); /* written on every path */

  int32_t satisfied = 9;
  OK(pardox_has_surface(FINGERPRINT, &satisfied, &error));
  CHECK(satisfied == 1);
  OK(pardox_has_surface(12345, &satisfied, &error));
  CHECK(satisfied == 0);

  uint64_t bytes;
  OK(pardox_library_version(&bytes, &error));
  CHECK_TEXT(bytes, LIBRARY_VERSION);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_library_version(NULL, &error));
}

static void handles(void) {
  Live before = live_now();
  uint64_t bytes, copy, frame = new_frame();
  OK(pardox_library_version(&bytes, &error));
  CHECK(live_now().handle_count == before.handle_count + 2);
  CHECK(live_now().size_bytes > before.size_bytes);
  copy = bytes;

  const uint8_t *data = (const uint8_t *)"";
  int64_t length = 9;
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_bytes_view(frame, &data, &length, &error));
  CHECK(strstr(last_error.message, "expected a bytes handle, found a frame handle") != NULL);
  CHECK(data == NULL && length == 0);
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_bytes_view(0, &data, &length, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_bytes_view(UINT64_MAX, &data, &length, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_bytes_view(bytes + 1000, &data, &length, &error));
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_bytes_view(42, &data, &length, &error));

  release(&bytes);
  OK(pardox_release(&bytes, &error)); /* zero now: harmless */
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_bytes_view(copy, &data, &length, &error));
  uint64_t stale = copy;
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_release(&stale, &error));
  CHECK(stale == 0);
  uint64_t foreign = 42;
  FAILS(PARDOX_STATUS_INVALID_HANDLE, pardox_release(&foreign, &error));
  CHECK(foreign == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_release(NULL, &error));

  /* A new object in the same slot is another handle. */
  OK(pardox_library_version(&bytes, &error));
  CHECK(bytes != copy);
  FAILS(PARDOX_STATUS_RELEASED_HANDLE, pardox_bytes_view(copy, &data, &length, &error));
  release(&bytes);
  release(&frame);
  CHECK_LIVE(before);
  check_all_released();
}

static void bytes_are_copied_in_parts(void) {
  uint64_t bytes;
  uint8_t target[8] = "#######";
  int64_t copied;
  OK(pardox_library_version(&bytes, &error));
  OK(pardox_bytes_copy(bytes, 1, target, 3, &copied, &error));
  CHECK(copied == 3 && memcmp(target, LIBRARY_VERSION + 1, 3) == 0 && target[3] == '#');
  OK(pardox_bytes_copy(bytes, (int64_t)strlen(LIBRARY_VERSION), target, 3, &copied, &error));
  CHECK(copied == 0);
  OK(pardox_bytes_copy(bytes, 0, NULL, 0, &copied, &error));
  CHECK(copied == 0);
  copied = 9;
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_bytes_copy(bytes, 999, target, 3, &copied, &error));
  CHECK(copied == 0);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_bytes_copy(bytes, -1, target, 3, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_bytes_copy(bytes, 0, target, -1, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_bytes_copy(bytes, 0, NULL, 3, &copied, &error));
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_bytes_copy(bytes, 0, target, 3, NULL, &error));
  release(&bytes);
}

static void panics_stop_at_the_door(void) {
  Live before = live_now();
  FAILS(PARDOX_STATUS_INTERNAL, pardox_inject_panic(0, &error));
  CHECK(strstr(last_error.message, "injected at the door") != NULL);
  CHECK(strstr(last_error.message, "process.rs:") != NULL);
  FAILS(PARDOX_STATUS_INTERNAL, pardox_inject_panic(1, &error));
  CHECK(strstr(last_error.message, "injected in a worker") != NULL);
  CHECK(strstr(last_error.message, "operation.rs:") != NULL);
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_inject_panic(2, &error));
  CHECK(pardox_inject_panic(0, NULL) == PARDOX_STATUS_INTERNAL);
  CHECK_LIVE(before);
}

static void the_error_record_keeps_its_size(void) {
  struct {
    pardox_error error;
    uint8_t beyond[16];
  } newer;
  memset(&newer, 0x5A, sizeof newer);
  newer.error.struct_size = sizeof newer; /* a caller of a later version */
  CHECK(pardox_release(NULL, &newer.error) == PARDOX_STATUS_INVALID_ARGUMENT);
  CHECK(newer.error.struct_size == sizeof newer);
  for (size_t i = 0; i < sizeof newer.beyond; i += 1) CHECK(newer.beyond[i] == 0x5A);

  pardox_error small;
  memset(&small, 0x5A, sizeof small);
  small.struct_size = sizeof small - 1;
  uint64_t handle = 0;
  CHECK(pardox_release(&handle, &small) == PARDOX_STATUS_INVALID_ARGUMENT);
  CHECK(small.status == 0x5A5A5A5A); /* nothing is written to what may be no record */

  pardox_error unknown = new_error();
  CHECK(pardox_release(NULL, &unknown) == PARDOX_STATUS_INVALID_ARGUMENT);
  CHECK(unknown.record == -1 && unknown.line == -1 && unknown.byte_offset == -1);
  CHECK(unknown.file_length == 0 && unknown.column_length == 0 && unknown.hint_length == 0);
}

int main(void) {
  FAILS(PARDOX_STATUS_INVALID_ARGUMENT, pardox_live(NULL, NULL, &error));
  Live before = live_now();
  CHECK(before.handle_count == 0 && before.size_bytes == 0);
  versions();
  handles();
  bytes_are_copied_in_parts();
  panics_stop_at_the_door();
  the_error_record_keeps_its_size();
  CHECK_LIVE(before);
  OK(pardox_shutdown(&error));
  return 0;
}
