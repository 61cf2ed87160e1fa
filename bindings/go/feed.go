package pardox

import (
	"context"
	"io"
	"sync/atomic"
	"unsafe"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

// Bytes of a reader as a source of CSV text, in a plan as the feed that they are written to.
//
// A write copies, to memory and then to a temporary file, so the next piece is read when the last
// one is put away.

// Paths is one path or pattern of files, or several.
type Paths interface{ string | []string }

// Bytes that are read and written at once.
const pieceBytes = 1 << 20

// feedSource is a reader as a leaf of a plan; it can be read once.
type feedSource struct {
	reader io.Reader
	isRead atomic.Bool
}

func (t *target) source(path any) {
	if paths, ok := path.([]string); ok {
		t.names("paths", paths)
		return
	}
	t.put("path", path)
}

func (t *target) stream(field string, reader io.Reader) {
	if reader == nil {
		t.fail(refused(ErrInvalidArgument, "expected a reader, found nil"))
	}
	t.fields[field] = &feedSource{reader: reader}
}

// fill gives a finished feed with all bytes; what the reader fails with is passed on.
func (s *feedSource) fill(ctx context.Context) (*handle, error) {
	if s.isRead.Swap(true) {
		return nil, refused(ErrInvalidArgument, "the reader was read before; it can be read once")
	}
	number, failure := native.FeedOpen(`{"name":"stream"}`)
	if failure != nil {
		return nil, failed(failure)
	}
	feed := newHandle(number, "feed")
	if err := copyTo(ctx, number, s.reader); err != nil {
		feed.close()
		return nil, err
	}
	return feed, nil
}

func copyTo(ctx context.Context, feed uint64, reader io.Reader) error {
	piece := make([]byte, pieceBytes)
	for {
		if ctx.Err() != nil {
			failure := refused(ErrCancelled, "the operation was cancelled")
			failure.cause = context.Cause(ctx)
			return failure
		}
		count, err := reader.Read(piece)
		if count > 0 {
			if failure := native.FeedWrite(feed, unsafe.String(&piece[0], count)); failure != nil {
				return failed(failure)
			}
		}
		if err == io.EOF {
			return failed(native.FeedFinish(feed))
		}
		if err != nil {
			return err
		}
	}
}
