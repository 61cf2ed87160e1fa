package pardox

import (
	"context"
	"encoding/json"
	"iter"
	"runtime"
	"strings"
	"time"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

// Between two looks at an operation the context is looked at.
const waitSlice = 20 * time.Millisecond

// Frame is a table: a *DataFrame or a *LazyFrame.
type Frame interface{ steps() FrameSteps }

// FrameSteps are the steps that a DataFrame and a LazyFrame share. A step gives a LazyFrame; what
// is wrong with it is said by Collect.
type FrameSteps struct {
	wire   any
	values Params
	err    error
}

// DataFrame is a table in memory. It does not change, and may be used by several goroutines.
type DataFrame struct {
	FrameSteps
	handle *handle
}

// LazyFrame is a table that is yet to be computed: steps gather until Collect.
type LazyFrame struct{ FrameSteps }

// GroupBy is rows grouped by keys; Agg says what to compute for each group.
type GroupBy struct {
	FrameSteps
	keys []any
}

// Row is one row, column name to value; null is nil.
type Row map[string]Value

func (s FrameSteps) steps() FrameSteps { return s }

func (s FrameSteps) target() *target {
	to := newTarget()
	to.params([]Params{s.values})
	to.fail(s.err)
	return to
}

func stepsOf(frame Frame) (FrameSteps, error) {
	switch one := frame.(type) {
	case nil:
	case *DataFrame:
		if one != nil {
			return one.FrameSteps, nil
		}
	case *LazyFrame:
		if one != nil {
			return one.FrameSteps, nil
		}
	default:
		return frame.steps(), nil
	}
	return FrameSteps{}, refused(ErrInvalidArgument, "expected a frame, found nil")
}

func (t *target) lazy(node string) *LazyFrame {
	return &LazyFrame{FrameSteps{wire{node: t.fields}, t.values, t.err}}
}

func (t *target) run(ctx context.Context, node string) (*DataFrame, error) {
	return t.lazy(node).Collect(ctx)
}

func (t *target) write(ctx context.Context, node string) (WriteReport, error) {
	result, err := t.run(ctx, node)
	if err != nil {
		return WriteReport{}, err
	}
	defer result.Close()
	for row, err := range result.Rows() {
		if err != nil {
			return WriteReport{}, err
		}
		rows, bytes := row["rows"].(int64), row["bytes"].(int64)
		return WriteReport{Path: row["path"].(string), Rows: int(rows), Bytes: int(bytes)}, nil
	}
	return WriteReport{}, refused(ErrInternal, "a write gave no report")
}

// count is the one number of a plan that counts.
func (t *target) count(ctx context.Context, node string) (int64, error) {
	row, err := t.only(ctx, node)
	if err != nil {
		return 0, err
	}
	return row["rows"].(int64), nil
}

// sniff is what a plan that sniffs found, over the options that it was given.
func (t *target) sniff(
	ctx context.Context, node string, given []CSVReadOption,
) (CsvSniff, error) {
	row, err := t.only(ctx, node)
	if err != nil {
		return CsvSniff{}, err
	}
	found := CsvSniff{Columns: int(row["columns"].(int64)), Confidence: row["confidence"].(float64)}
	found.Doubt, _ = row["doubt"].(string)
	for _, one := range given {
		// The file is looked at here, and not again.
		if _, isDialect := one.(DialectOption); !isDialect {
			found.Options = append(found.Options, one)
		}
	}
	found.Options = append(found.Options,
		DelimiterOption{row["delimiter"]}, QuoteOption{row["quote"]}, EscapeOption{row["escape"]},
		CommentOption{row["comment"]}, SkipLinesOption{row["skip_lines"]},
		HeaderOption{row["header"]}, EncodingOption{row["encoding"]}, TrimOption{row["trim"]},
		DecimalOption{row["decimal"]}, ThousandsOption{row["thousands"]},
		DateOrderOption{row["date_order"]})
	return found, nil
}

// only is the one row of a plan that tells something.
func (t *target) only(ctx context.Context, node string) (Row, error) {
	result, err := t.run(ctx, node)
	if err != nil {
		return nil, err
	}
	defer result.Close()
	for row, err := range result.Rows() {
		return row, err
	}
	return nil, refused(ErrInternal, node+" gave no row")
}

func newGroupBy(steps FrameSteps, keys []Item) *GroupBy {
	list, err := itemList(keys)
	steps.err = firstError(steps.err, err)
	return &GroupBy{steps, list}
}

// plan is a question as the library takes it, with its frames and parameters.
type plan struct {
	handle  *handle
	frames  []*handle
	feeds   []*handle
	numbers []uint64
	params  string
}

// close gives back what only the plan has; an operation that has begun keeps what it reads.
func (p *plan) close() {
	p.handle.close()
	for _, feed := range p.feeds {
		feed.close()
	}
}

// number is a frame's, or that of a feed: its reader is read to its end first. Without a context
// nothing is run, and the reader would be gone.
func (p *plan) number(ctx context.Context, one *handle) (uint64, error) {
	if one.source == nil {
		return one.number()
	}
	if ctx == nil {
		return 0, refused(ErrInvalidArgument, "the plan reads a stream; only Collect can ask it")
	}
	feed, err := one.source.fill(ctx)
	if err != nil {
		return 0, err
	}
	p.feeds = append(p.feeds, feed)
	return feed.number()
}

// plan writes and parses the question; ctx is nil where it is not to be run.
func (s FrameSteps) plan(ctx context.Context, values Params) (result *plan, err error) {
	to := newTarget()
	to.params([]Params{s.values, values})
	if err := firstError(native.Check(), s.err, to.err); err != nil {
		return nil, err
	}
	var out strings.Builder
	p := &plan{}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	document := wire{"schema": 1, "engine": "0.1", "plan": s.wire}
	if err := encode(&out, document, &p.frames); err != nil {
		return nil, unwritten(err)
	}
	literals := wire{}
	for name, value := range to.values {
		literal, err := literalOf(value, "")
		if err != nil {
			return nil, err
		}
		literals[name] = literal
	}
	var params strings.Builder
	if err := encode(&params, literals, nil); err != nil {
		return nil, unwritten(err)
	}
	p.params = params.String()
	number, failure := native.PlanParse(out.String())
	if failure != nil {
		return nil, failed(failure)
	}
	p.handle = newHandle(number, "plan")
	for _, one := range p.frames {
		number, err := p.number(ctx, one)
		if err != nil {
			return nil, err
		}
		p.numbers = append(p.numbers, number)
	}
	return p, nil
}

// unwritten is what a question that cannot be written as JSON is refused with.
func unwritten(err error) error {
	if own, ok := err.(*Error); ok {
		return own
	}
	return refused(ErrInvalidArgument, err.Error())
}

// Collect runs the plan; a context that ends cancels it.
func (f *LazyFrame) Collect(ctx context.Context, options ...CollectOption) (*DataFrame, error) {
	given := newTarget()
	apply(given, options)
	if given.err != nil {
		return nil, given.err
	}
	p, err := f.plan(ctx, given.values)
	if err != nil {
		return nil, err
	}
	defer p.close()
	settings, err := json.Marshal(given.fields)
	if err != nil {
		return nil, refused(ErrInvalidArgument, err.Error())
	}
	if err := ctx.Err(); err != nil {
		failure := refused(ErrCancelled, "the operation was cancelled")
		failure.cause = context.Cause(ctx)
		return nil, failure
	}
	number, failure := native.Collect(p.handle.value.Load(), p.numbers, p.params, string(settings))
	runtime.KeepAlive(p.frames)
	if failure != nil {
		return nil, failed(failure)
	}
	operation := newHandle(number, "operation")
	defer operation.close()
	return wait(ctx, number)
}

// wait looks at an operation until it ends; cancelling it is prompt, so its end is awaited always.
func wait(ctx context.Context, operation uint64) (*DataFrame, error) {
	isCancelled := false
	for {
		if ctx.Err() != nil && !isCancelled {
			isCancelled = true
			if failure := native.OperationCancel(operation); failure != nil {
				return nil, failed(failure)
			}
		}
		state, failure := native.OperationWait(operation, waitSlice.Milliseconds())
		if failure != nil {
			return nil, failed(failure)
		}
		if state != native.StateRunning {
			break
		}
	}
	frame, failure := native.OperationResult(operation)
	if failure != nil {
		return nil, cancelled(ctx, failed(failure))
	}
	return newFrame(frame), nil
}

func newFrame(number uint64) *DataFrame {
	h := newHandle(number, "frame")
	return &DataFrame{FrameSteps{wire: &frameRef{h}}, h}
}

// Explain gives the plan as it will run, as text.
func (f *LazyFrame) Explain(params ...Params) (string, error) {
	return f.ask(native.PlanExplain, params)
}

// Schema gives names and types of the result, without running the plan.
func (f *LazyFrame) Schema(params ...Params) ([]ColumnDefinition, error) {
	text, err := f.ask(native.PlanSchema, params)
	if err != nil {
		return nil, err
	}
	return definitions([]byte(text))
}

func (f *LazyFrame) ask(
	function func(uint64, []uint64, string) (uint64, *native.Failure), params []Params,
) (string, error) {
	p, err := f.plan(nil, first(params))
	if err != nil {
		return "", err
	}
	defer p.close()
	number, failure := function(p.handle.value.Load(), p.numbers, p.params)
	runtime.KeepAlive(p.frames)
	if failure != nil {
		return "", failed(failure)
	}
	data, err := takeBytes(number)
	return string(data), err
}

// Shape is the number of rows and of columns; both are 0 once the frame is closed.
func (f *DataFrame) Shape() (rows, columns int) {
	number, err := f.handle.number()
	if err != nil {
		return 0, 0
	}
	defer runtime.KeepAlive(f)
	rowCount, columnCount, _ := native.FrameShape(number)
	return int(rowCount), int(columnCount)
}

// Schema gives names and types of the columns, in order.
func (f *DataFrame) Schema() ([]ColumnDefinition, error) {
	data, err := f.bytes(native.FrameSchema)
	if err != nil {
		return nil, err
	}
	return definitions(data)
}

// Columns gives names of the columns, in order.
func (f *DataFrame) Columns() ([]string, error) {
	schema, err := f.Schema()
	names := make([]string, len(schema))
	for i, one := range schema {
		names[i] = one.Name
	}
	return names, err
}

// Column gives one column, which outlives the frame.
func (f *DataFrame) Column(name string) (*Column, error) {
	schema, err := f.Schema()
	if err != nil {
		return nil, err
	}
	for i, one := range schema {
		if one.Name == name {
			return f.columnAt(i, one)
		}
	}
	// A plan that selects it says what is near, in the engine's own words.
	missing, err := f.Select(name).Collect(context.Background())
	if err == nil {
		missing.Close()
	}
	return nil, err
}

func (f *DataFrame) columnAt(index int, of ColumnDefinition) (*Column, error) {
	number, err := f.handle.number()
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(f)
	column, failure := native.FrameColumn(number, int64(index))
	if failure != nil {
		return nil, failed(failure)
	}
	return &Column{handle: newHandle(column, "column"), name: of.Name, dtype: of.Dtype}, nil
}

// Rows iterates over the rows. An error ends the iteration and is its last value.
func (f *DataFrame) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		schema, err := f.Schema()
		readers := make([]func(int) (Value, error), len(schema))
		for i, one := range schema {
			if err == nil {
				var column *Column
				if column, err = f.columnAt(i, one); err == nil {
					defer column.Close()
					readers[i], err = column.reader()
				}
			}
		}
		if err != nil {
			yield(nil, err)
			return
		}
		rows, _ := f.Shape()
		for i := range rows {
			row := make(Row, len(schema))
			for at, one := range schema {
				if row[one.Name], err = readers[at](i); err != nil {
					yield(nil, err)
					return
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Records gives all rows. For large tables iterate over Rows, or read columns.
func (f *DataFrame) Records() ([]Row, error) {
	rows, _ := f.Shape()
	records := make([]Row, 0, rows)
	for row, err := range f.Rows() {
		if err != nil {
			return nil, err
		}
		records = append(records, row)
	}
	return records, nil
}

// Display gives the text table that every language prints.
func (f *DataFrame) Display(options ...DisplayOption) (string, error) {
	given := newTarget()
	apply(given, options)
	if given.err != nil {
		return "", given.err
	}
	settings, err := json.Marshal(given.fields)
	if err != nil {
		return "", refused(ErrInvalidArgument, err.Error())
	}
	data, err := f.bytes(func(number uint64) (uint64, *native.Failure) {
		return native.FrameDisplay(number, string(settings))
	})
	return string(data), err
}

// String is the text table, or the error that there is none for.
func (f *DataFrame) String() string {
	text, err := f.Display()
	if err != nil {
		return err.Error()
	}
	return text
}

// Quarantine gives the records that reading CSV files set aside: file, record, line, byte offset,
// column, text and reason of each. It is nil where there are none, else a frame of its own.
func (f *DataFrame) Quarantine() (*DataFrame, error) { return f.attached("quarantine") }

// Faults gives how often reading CSV files met a fault and went on, by reason and by what was done.
// It is nil where nothing was wrong, else a frame of its own.
func (f *DataFrame) Faults() (*DataFrame, error) { return f.attached("counts") }

func (f *DataFrame) attached(name string) (*DataFrame, error) {
	number, err := f.handle.number()
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(f)
	frame, failure := native.FrameAttached(number, name)
	if failure != nil || frame == 0 {
		return nil, failed(failure)
	}
	return newFrame(frame), nil
}

// ToArrow gives the table as Arrow IPC bytes, in stream form.
func (f *DataFrame) ToArrow() ([]byte, error) { return f.bytes(native.FrameToIPC) }

// Lazy gives a lazy frame on this table: steps gather until Collect.
func (f *DataFrame) Lazy() *LazyFrame { return &LazyFrame{f.FrameSteps} }

// Close gives the memory back, once nothing else uses it; a second close does nothing.
func (f *DataFrame) Close() {
	if f != nil {
		f.handle.close()
	}
}

func (f *DataFrame) bytes(function func(uint64) (uint64, *native.Failure)) ([]byte, error) {
	number, err := f.handle.number()
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(f)
	made, failure := function(number)
	if failure != nil {
		return nil, failed(failure)
	}
	return takeBytes(made)
}

func definitions(data []byte) ([]ColumnDefinition, error) {
	var found []struct{ Name, Dtype string }
	if err := json.Unmarshal(data, &found); err != nil {
		summary := "the library wrote a schema that cannot be read: " + err.Error()
		return nil, refused(ErrInternal, summary)
	}
	schema := make([]ColumnDefinition, len(found))
	for i, one := range found {
		schema[i] = ColumnDefinition{Name: one.Name, Dtype: DataType(one.Dtype)}
	}
	return schema, nil
}

// FromArrow makes a frame of Arrow IPC bytes, stream or file form; they are copied.
func FromArrow(bytes []byte) (*DataFrame, error) {
	if err := native.Check(); err != nil {
		return nil, err
	}
	frame, failure := native.FrameFromIPC(string(bytes))
	if failure != nil {
		return nil, failed(failure)
	}
	return newFrame(frame), nil
}

// Version gives the version of the native library.
func Version() string {
	number, failure := native.LibraryVersion()
	if failure != nil {
		return failure.Message
	}
	data, _ := takeBytes(number)
	return string(data)
}

// Shutdown cancels all work and ends the library's threads; every later call is refused.
func Shutdown() error { return failed(native.Shutdown()) }
