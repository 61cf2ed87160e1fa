package pardox

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

// handle is an object of the library: released by close, or some time after nothing refers to it.
type handle struct {
	value atomic.Uint64
	what  string
	// A reader that stands where a feed will be once it is filled.
	source *feedSource
}

func newHandle(value uint64, what string) *handle {
	h := &handle{what: what}
	h.value.Store(value)
	// The safety net under Close: any thread may release.
	runtime.SetFinalizer(h, (*handle).close)
	return h
}

// number is what the library knows the object by. The caller keeps h alive beyond its use.
func (h *handle) number() (uint64, error) {
	if h == nil {
		return 0, refused(ErrInvalidArgument, "expected an object of this package, found nil")
	}
	if value := h.value.Load(); value != 0 {
		return value, nil
	}
	return 0, refused(ErrReleasedHandle, "the "+h.what+" was closed")
}

// close releases the object; a second close does nothing.
func (h *handle) close() {
	if h == nil {
		return
	}
	if value := h.value.Swap(0); value != 0 {
		runtime.SetFinalizer(h, nil)
		_, _ = native.Release(value)
	}
}

// takeBytes copies out what a bytes handle holds, and releases it.
func takeBytes(value uint64) ([]byte, error) {
	defer func() { _, _ = native.Release(value) }()
	data, length, failure := native.BytesView(value)
	if failure != nil {
		return nil, failed(failure)
	}
	if length == 0 {
		return nil, nil
	}
	return append([]byte(nil), unsafe.Slice((*byte)(data), length)...), nil
}
