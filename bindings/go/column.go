package pardox

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

// Column is one column of a frame; it outlives the frame, and may be read by several goroutines.
type Column struct {
	handle *handle
	name   string
	dtype  DataType
	// The same values in one chunk, where View needed that; made once, closed with the column.
	mutex sync.Mutex
	whole *handle
}

// Name is the column's name.
func (c *Column) Name() string { return c.name }

func (c *Column) info() (dtype DataType, rows, nulls, chunks int, err error) {
	number, err := c.handle.number()
	if err != nil {
		return "", 0, 0, 0, err
	}
	defer runtime.KeepAlive(c)
	_, rowCount, nullCount, chunkCount, failure := native.ColumnInfo(number)
	if failure != nil {
		return "", 0, 0, 0, failed(failure)
	}
	return c.dtype, int(rowCount), int(nullCount), int(chunkCount), nil
}

// DType is the column's type; empty once the column is closed.
func (c *Column) DType() DataType {
	dtype, _, _, _, _ := c.info()
	return dtype
}

// RowCount is the number of values, nulls included.
func (c *Column) RowCount() int {
	_, rows, _, _, _ := c.info()
	return rows
}

// NullCount is the number of nulls.
func (c *Column) NullCount() int {
	_, _, nulls, _, _ := c.info()
	return nulls
}

// View gives the values in place, without a copy, as a slice of the column's type: []float64,
// []int8. Timestamps are []int64, numbers of their unit since 1970-01-01, dates []int32, days since
// then. Not for text, bool, decimals, lists and structs.
//
// The slice is valid until Close, and must not be written. Keep the column reachable while the
// slice is used: runtime.KeepAlive(column), or a deferred Close. A use after that is a fault that
// no recover catches.
//
// Nulls: A column that has nulls is refused; take Values.
func (c *Column) View() (any, error) {
	dtype, rows, nulls, chunks, err := c.info()
	if err != nil {
		return nil, err
	}
	if dtype.isText() || dtype == DataTypeBool || dtype.isDecimal() || dtype.isNested() {
		return nil, refused(ErrTypeMismatch, fmt.Sprintf(
			"column %s is %s, whose values are not one run of numbers; take Values", c.name, dtype))
	}
	if nulls > 0 {
		return nil, refused(ErrUnsupported,
			fmt.Sprintf("column %s has %d nulls; take Values", c.name, nulls))
	}
	view := &native.View{}
	if rows > 0 {
		number, err := c.wholeNumber(chunks)
		if err != nil {
			return nil, err
		}
		defer runtime.KeepAlive(c)
		made, failure := native.ColumnView(number, 0)
		if failure != nil {
			return nil, failed(failure)
		}
		view = made
	}
	switch dtype {
	case DataTypeFloat64:
		return unsafe.Slice((*float64)(view.Values), rows), nil
	case DataTypeDate, DataTypeInt32:
		return unsafe.Slice((*int32)(view.Values), rows), nil
	case DataTypeInt8:
		return unsafe.Slice((*int8)(view.Values), rows), nil
	case DataTypeInt16:
		return unsafe.Slice((*int16)(view.Values), rows), nil
	case DataTypeUint8:
		return unsafe.Slice((*uint8)(view.Values), rows), nil
	case DataTypeUint16:
		return unsafe.Slice((*uint16)(view.Values), rows), nil
	case DataTypeUint32:
		return unsafe.Slice((*uint32)(view.Values), rows), nil
	case DataTypeUint64:
		return unsafe.Slice((*uint64)(view.Values), rows), nil
	case DataTypeFloat32:
		return unsafe.Slice((*float32)(view.Values), rows), nil
	}
	return unsafe.Slice((*int64)(view.Values), rows), nil
}

// Float64s is View for a float64 column.
func (c *Column) Float64s() ([]float64, error) { return viewAs[float64](c) }

// Int64s is View for an int64 or timestamp column.
func (c *Column) Int64s() ([]int64, error) { return viewAs[int64](c) }

func viewAs[T any](c *Column) ([]T, error) {
	view, err := c.View()
	if err != nil {
		return nil, err
	}
	values, ok := view.([]T)
	if !ok {
		return nil, refused(ErrTypeMismatch,
			fmt.Sprintf("column %s is %s, whose view is a %T", c.name, c.DType(), view))
	}
	return values, nil
}

// wholeNumber is the column in one chunk. What was handed out before stays where it is: another
// goroutine may be reading it.
func (c *Column) wholeNumber(chunks int) (uint64, error) {
	if chunks <= 1 {
		return c.handle.number()
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.whole == nil {
		number, err := c.handle.number()
		if err != nil {
			return 0, err
		}
		made, failure := native.ColumnRechunk(number)
		if failure != nil {
			return 0, failed(failure)
		}
		c.whole = newHandle(made, "column")
	}
	return c.whole.number()
}

// Values gives the values as a list, nulls as nil.
func (c *Column) Values() ([]Value, error) {
	_, rows, _, _, err := c.info()
	if err != nil {
		return nil, err
	}
	read, err := c.reader()
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(c)
	values := make([]Value, rows)
	for i := range values {
		if values[i], err = read(i); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// reader gives the value at a row; rows are read in rising order, chunk by chunk. The column must
// stay open while it is used.
func (c *Column) reader() (func(row int) (Value, error), error) {
	dtype, _, _, chunks, err := c.info()
	if err != nil {
		return nil, err
	}
	var moment func(ticks int64) time.Time
	if dtype.isMomentOf() {
		if moment, err = momentReader(dtype, c.name); err != nil {
			return nil, err
		}
	}
	var chunk *native.View
	start, next := 0, 0
	return func(row int) (Value, error) {
		for chunk == nil || row >= start+int(chunk.RowCount) {
			if chunk != nil {
				start += int(chunk.RowCount)
			}
			if next == chunks {
				return nil, refused(ErrInvalidArgument, "the row is outside the column")
			}
			number, err := c.handle.number()
			if err != nil {
				return nil, err
			}
			made, failure := native.ColumnView(number, int64(next))
			if failure != nil {
				return nil, failed(failure)
			}
			chunk, next = made, next+1
		}
		if moment != nil {
			if chunk.Validity != nil && !bitAt(chunk.Validity, row-start) {
				return nil, nil
			}
			return moment(at[int64](chunk.Values, row-start)), nil
		}
		return valueAt(dtype, chunk, row-start), nil
	}, nil
}

func valueAt(dtype DataType, chunk *native.View, row int) Value {
	if chunk.Validity != nil && !bitAt(chunk.Validity, row) {
		return nil
	}
	if dtype.isDecimal() {
		low, high := at[uint64](chunk.Values, 2*row), at[int64](chunk.Values, 2*row+1)
		return Decimal{high, low, dtype.scale()}
	}
	switch dtype {
	case DataTypeBool:
		return bitAt(chunk.Values, row)
	case DataTypeInt64:
		return at[int64](chunk.Values, row)
	case DataTypeFloat64:
		return at[float64](chunk.Values, row)
	case DataTypeInt8:
		return at[int8](chunk.Values, row)
	case DataTypeInt16:
		return at[int16](chunk.Values, row)
	case DataTypeInt32:
		return at[int32](chunk.Values, row)
	case DataTypeUint8:
		return at[uint8](chunk.Values, row)
	case DataTypeUint16:
		return at[uint16](chunk.Values, row)
	case DataTypeUint32:
		return at[uint32](chunk.Values, row)
	case DataTypeUint64:
		return at[uint64](chunk.Values, row)
	case DataTypeFloat32:
		return at[float32](chunk.Values, row)
	case DataTypeDate:
		moment := time.Unix(int64(at[int32](chunk.Values, row))*86_400, 0).UTC()
		return Date{moment.Year(), moment.Month(), moment.Day()}
	case DataTypeTimestamp:
		return time.UnixMicro(at[int64](chunk.Values, row)).UTC()
	}
	if dtype == DataTypeDictionary {
		row = int(at[int32](chunk.Values, row))
	}
	from, to := at[int32](chunk.Offsets, row), at[int32](chunk.Offsets, row+1)
	if from == to {
		return ""
	}
	text := string(unsafe.Slice((*byte)(unsafe.Add(chunk.Text, from)), to-from))
	if dtype.isNested() {
		return nestedValue(text, dtype)
	}
	return text
}

// isText tells whether values are text, coded or not.
func (t DataType) isText() bool { return t == DataTypeUTF8 || t == DataTypeDictionary }

func at[T any](start unsafe.Pointer, index int) T {
	var one T
	return *(*T)(unsafe.Add(start, index*int(unsafe.Sizeof(one))))
}

func bitAt(start unsafe.Pointer, index int) bool {
	return at[byte](start, index/8)>>(index%8)&1 == 1
}

// Close gives the memory back, once nothing else uses it; a second close does nothing. Views of the
// column end with it.
func (c *Column) Close() {
	if c != nil {
		c.handle.close()
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.whole.close()
	}
}
