// Command conformance answers the cases of the conformance suite through the API that Go users
// type: one request a line in, one answer a line out (docs/conformance.md).
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	pardox "github.com/pardox/pardox/bindings/go"
)

// Frames handed in beside the plan, and frames that a plan made on its way.
var beside, kept []*pardox.DataFrame

func frameAt(index int) pardox.Frame {
	if index >= len(beside) {
		panic(cannot("no frame is at that position"))
	}
	return beside[index]
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.UseNumber()
		var request map[string]any
		if err := decoder.Decode(&request); err != nil {
			log.Fatal(err)
		}
		answer := answered(wire{request})
		answer["id"] = request["id"]
		if err := out.Encode(answer); err != nil {
			log.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}

func answered(request wire) (answer map[string]any) {
	beside, kept = nil, nil
	defer func() {
		for _, one := range append(beside, kept...) {
			one.Close()
		}
		switch failure := recover().(type) {
		case nil:
		case cannot:
			answer = map[string]any{"error": map[string]any{
				"kind": "not_go", "message": string(failure)}}
		case error:
			answer = failed(failure)
		default:
			panic(failure)
		}
	}()
	for _, document := range request.list("before") {
		run(document.get("plan"), nil).Close()
	}
	for _, document := range request.list("frames") {
		beside = append(beside, run(document.get("plan"), nil))
	}
	result := run(request.get("plan").get("plan"), params(request.get("params")))
	defer result.Close()
	if want := request.text("want"); want != "result" {
		if result = attached(result, want); result == nil {
			return map[string]any{"ok": map[string]any{"schema": []any{}, "rows": []any{}}}
		}
		defer result.Close()
	}
	return map[string]any{"ok": map[string]any{"schema": schema(result), "rows": rows(result)}}
}

// attached is a table that travels with another, nil where there is none.
func attached(result *pardox.DataFrame, name string) *pardox.DataFrame {
	ask := result.Quarantine
	if name == "counts" {
		ask = result.Faults
	}
	found, err := ask()
	if err != nil {
		panic(err)
	}
	return found
}

// run answers the last step; a step that writes gives its report, as one row.
func run(w wire, values pardox.Params) *pardox.DataFrame {
	ctx := context.Background()
	tag, fields := w.tag()
	var report pardox.WriteReport
	var err error
	switch tag {
	case "write_csv":
		report, err = steppable(fields.get("input")).
			ToCSV(ctx, fields.text("path"), csvWriteOptions(fields.get("options"))...)
	case "write_prdx":
		report, err = steppable(fields.get("input")).ToPrdx(ctx, fields.text("path"))
	case "count_csv":
		return counted(ctx, fields)
	case "sniff_csv":
		options := csvReadOptions(fields.get("options"))
		if _, err := pardox.SniffCSV(ctx, fields.text("path"), options...); err != nil {
			panic(err)
		}
		panic(cannot("options found are passed on, not looked into"))
	default:
		result, err := lazily(w).Collect(ctx, pardox.WithParams(values))
		if err != nil {
			panic(err)
		}
		return result
	}
	if err != nil {
		panic(err)
	}
	made, err := pardox.FromColumns([]pardox.ColumnValues{
		pardox.Values("path", report.Path),
		pardox.Values("rows", report.Rows),
		pardox.Values("bytes", report.Bytes),
	})
	if err != nil {
		panic(err)
	}
	return made
}

func counted(ctx context.Context, fields wire) *pardox.DataFrame {
	options := csvReadOptions(fields.get("options"))
	var count int64
	var err error
	if fields.has("paths") {
		count, err = pardox.CountCSV(ctx, texts(fields.list("paths")), options...)
	} else {
		count, err = pardox.CountCSV(ctx, fields.text("path"), options...)
	}
	if err != nil {
		panic(err)
	}
	made, err := pardox.FromColumns([]pardox.ColumnValues{pardox.Values("rows", count)})
	if err != nil {
		panic(err)
	}
	return made
}

func schema(result *pardox.DataFrame) [][2]string {
	definitions, err := result.Schema()
	if err != nil {
		panic(err)
	}
	list := make([][2]string, len(definitions))
	for i, one := range definitions {
		list[i] = [2]string{one.Name, string(one.Dtype)}
	}
	return list
}

func rows(result *pardox.DataFrame) [][]any {
	definitions, err := result.Schema()
	if err != nil {
		panic(err)
	}
	list := [][]any{}
	for row, err := range result.Rows() {
		if err != nil {
			panic(err)
		}
		cells := make([]any, len(definitions))
		for i, one := range definitions {
			cells[i] = canonical(row[one.Name], string(one.Dtype))
			if text, isNested := nestedText(row[one.Name], one.Dtype); isNested {
				cells[i] = text
			}
		}
		list = append(list, cells)
	}
	return list
}

func canonical(value pardox.Value, dtype string) any {
	switch one := value.(type) {
	case nil:
		return nil
	case bool:
		return strconv.FormatBool(one)
	case int64:
		return strconv.FormatInt(one, 10)
	case int8, int16, int32, uint8, uint16, uint32, uint64:
		return fmt.Sprint(one)
	case float32:
		if math.IsNaN(float64(one)) {
			return "7fc00000"
		}
		return fmt.Sprintf("%08x", math.Float32bits(one))
	case float64:
		if math.IsNaN(one) {
			return "7ff8000000000000"
		}
		return fmt.Sprintf("%016x", math.Float64bits(one))
	case pardox.Date:
		return one.String()
	case pardox.Decimal:
		return one.String()
	case time.Time:
		return moment(one, dtype)
	}
	return value
}

// nestedText is a list or a struct as JSON: structs as lists of their fields, each value in
// canonical form.
func nestedText(value pardox.Value, dtype pardox.DataType) (string, bool) {
	if value == nil || dtype.Item() == "" && dtype.Fields() == nil {
		return "", false
	}
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(nestedCell(value, dtype)); err != nil {
		panic(err)
	}
	return strings.TrimSpace(out.String()), true
}

func nestedCell(value pardox.Value, dtype pardox.DataType) any {
	switch held := value.(type) {
	case []any:
		cells := make([]any, len(held))
		for i, one := range held {
			cells[i] = nestedCell(one, dtype.Item())
		}
		return cells
	case map[string]any:
		fields := dtype.Fields()
		cells := make([]any, len(fields))
		for i, field := range fields {
			cells[i] = nestedCell(held[field.Name], field.DType)
		}
		return cells
	}
	return canonical(value, string(dtype))
}

// moment is a moment with the digits of its unit, in UTC where it has a zone.
func moment(value time.Time, dtype string) string {
	parameters := strings.TrimSuffix(strings.TrimPrefix(dtype, "timestamp("), ")")
	unit, zone, _ := strings.Cut(parameters, ",")
	digits := map[string]string{"s": "", "ms": ".000", "ns": ".000000000"}
	fraction, known := digits[unit]
	if !known {
		fraction = ".000000"
	}
	text := value.UTC().Format("2006-01-02T15:04:05" + fraction)
	if zone != "" {
		text += "Z"
	}
	return text
}

func failed(err error) map[string]any {
	var engine *pardox.Error
	if !errors.As(err, &engine) {
		return map[string]any{"error": map[string]any{"kind": "not_pardox", "message": err.Error()}}
	}
	return map[string]any{"error": map[string]any{
		"kind": string(engine.Kind), "message": engine.Message,
		"file": text(engine.File), "column": text(engine.Column),
		"record": number(engine.Record), "line": number(engine.Line),
		"byte_offset": number(engine.ByteOffset),
		"expected":    text(engine.Expected), "found": text(engine.Found), "hint": text(engine.Hint),
	}}
}

func text(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func number(number int64) any {
	if number < 0 {
		return nil
	}
	return number
}
