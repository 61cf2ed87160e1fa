package pardox

import (
	"context"
	"errors"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

// Kind is what kind of error it is: one of the Err constants. It is an error itself, so that
// errors.Is(err, pardox.ErrNotFound) answers.
type Kind string

// Error is the kind's name, such as unknown_column.
func (k Kind) Error() string { return string(k) }

// Error is what went wrong, and where. Its message is the engine's own, the same in every language.
// Numbers that are not known are -1, texts are empty.
type Error struct {
	Kind                     Kind
	Message                  string
	File, Column             string
	Record, Line, ByteOffset int64
	Expected, Found, Hint    string
	cause                    error
}

// Error is the engine's sentence, with its place and what to try.
func (e *Error) Error() string { return e.Message }

// Is says whether the error is of a kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// Unwrap gives what lies below, such as context.Canceled.
func (e *Error) Unwrap() error { return e.cause }

// refused is an error of this package, in the engine's own kinds.
func refused(kind Kind, message string) *Error {
	return &Error{Kind: kind, Message: message, Record: -1, Line: -1, ByteOffset: -1}
}

// failed makes an error of what the library wrote; nil stays nil.
func failed(failure *native.Failure) error {
	if failure == nil {
		return nil
	}
	kind, known := kinds[failure.Status]
	if !known {
		kind = ErrInternal
	}
	return &Error{
		Kind: kind, Message: failure.Message, File: failure.File, Column: failure.Column,
		Record: failure.Record, Line: failure.Line, ByteOffset: failure.ByteOffset,
		Expected: failure.Expected, Found: failure.Found, Hint: failure.Hint,
	}
}

// cancelled joins the engine's word for a cancelled operation with the context's reason.
func cancelled(ctx context.Context, err error) error {
	var engine *Error
	if errors.As(err, &engine) && engine.Kind == ErrCancelled {
		engine.cause = context.Cause(ctx)
	}
	return err
}
