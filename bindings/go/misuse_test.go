package pardox

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pardox/pardox/bindings/go/internal/native"
)

func refuses(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var engine *Error
	if !errors.Is(err, kind) || !errors.As(err, &engine) {
		t.Fatalf("expected %s, found %v", kind, err)
	}
	return engine
}

func live(t *testing.T) [2]int64 {
	t.Helper()
	handles, bytes, failure := native.Live()
	if failure != nil {
		t.Fatal(failure.Message)
	}
	return [2]int64{handles, bytes}
}

func TestUseAfterCloseIsRefused(t *testing.T) {
	df := sales(t)
	column, err := df.Column("price")
	equal(t, err, nil)
	lazy := df.Filter("price > 1")
	df.Close()
	df.Close()
	_, err = df.Schema()
	refuses(t, err, ErrReleasedHandle)
	_, err = lazy.Collect(context.Background())
	refuses(t, err, ErrReleasedHandle)
	prices, err := column.Float64s()
	equal(t, err, nil)
	equal(t, prices[0], 12.5)
	column.Close()
	column.Close()
	_, err = column.View()
	refuses(t, err, ErrReleasedHandle)
}

func TestMistakesComeOutOfCollect(t *testing.T) {
	ctx, df := context.Background(), sales(t)
	for name, one := range map[string]struct {
		lazy *LazyFrame
		kind Kind
	}{
		"unknown column":   {df.Select("prise"), ErrUnknownColumn},
		"types":            {df.Filter(Col("region").Gt(1)), ErrTypeMismatch},
		"syntax":           {df.Filter("price >"), ErrSyntax},
		"missing value":    {df.Filter("price > :low"), ErrParameter},
		"negative count":   {df.Head(-2), ErrInvalidArgument},
		"no expression":    {df.Filter(3), ErrInvalidArgument},
		"no item":          {df.Select(3), ErrInvalidArgument},
		"no name":          {df.Select(Col("price").Add(1)), ErrInvalidArgument},
		"no frame":         {df.Join(nil, On("region")), ErrInvalidArgument},
		"no value":         {df.Filter(Col("price").Gt(struct{}{})), ErrInvalidArgument},
		"too large":        {df.Filter(Col("quantity").Gt(Lit(300, DataTypeInt8))), ErrInvalidPlan},
		"no text":          {df.Filter("region = '\xff'"), ErrInvalidUTF8},
		"no text in value": {df.Filter(Col("region").Eq("\xff")), ErrInvalidUTF8},
		"zone":             {df.Select(Lit(time.Now().Local()).Alias("t")), ErrUnsupported},
		"division by zero": {df.Select(Col("quantity").Floordiv(0).Alias("x")), ErrDivisionByZero},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "zone" && time.Local == time.UTC {
				t.Skip("this machine's zone is UTC itself")
			}
			_, err := one.lazy.Collect(ctx)
			refuses(t, err, one.kind)
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	missing := filepath.Join(dir, "none.csv")
	_, err := ReadCSV(ctx, missing)
	equal(t, refuses(t, err, ErrNotFound).File, missing)
	_, err = ReadCSV(ctx, dir)
	refuses(t, err, ErrIsDirectory)
	short := filepath.Join(dir, "short.csv")
	equal(t, os.WriteFile(short, []byte("a,b\n1,2\n3\n"), 0o600), nil)
	_, err = ReadCSV(ctx, short)
	found := refuses(t, err, ErrFieldCount)
	equal(t, []int64{found.Record, found.Line, found.ByteOffset}, []int64{2, 3, 8})
	_, err = ReadCSV(ctx, short, WithDelimiter("\n"))
	refuses(t, err, ErrInvalidOption)
}

func TestCancelledContextEndsTheWork(t *testing.T) {
	before := live(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := sales(t).Head(1).Collect(ctx)
	refuses(t, err, ErrCancelled)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("expected the context's reason, found %v", err)
	}
	lazy := ScanCSV(largeFile(t))
	for range 5 {
		lazy = lazy.Union(lazy)
	}
	ctx, cancel = context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err = lazy.Collect(ctx)
	refuses(t, err, ErrCancelled)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("expected the context's reason, found %v", err)
	}
	t.Logf("cancelled %v after the deadline", time.Since(start)-100*time.Millisecond)
	equal(t, live(t)[0] <= before[0]+1, true)
}

func largeFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "large.csv")
	line := strings.TrimSuffix(strings.Repeat("0.12345678901234,", 20), ",") + "\n"
	names := make([]string, 20)
	for i := range names {
		names[i] = fmt.Sprint("c", i)
	}
	text := strings.Join(names, ",") + "\n" + strings.Repeat(line, 200_000)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHugeTextGoesThrough(t *testing.T) {
	huge := strings.Repeat("é", 3_000_000)
	df := collected(t, sales(t).Select(Lit(huge).Alias("huge")).Head(1))
	equal(t, values(t, df, "huge")[0] == huge, true)
}

func TestAnotherSurfaceIsRefused(t *testing.T) {
	err := native.CheckSurface(12345)
	if err == nil || !strings.Contains(err.Error(), "lacks the surface 0x3039") {
		t.Errorf("expected a refusal, found %v", err)
	}
}

func TestPanicIsAnError(t *testing.T) {
	for _, place := range []int32{0, 1} {
		refuses(t, failed(native.InjectPanic(place)), ErrInternal)
	}
	equal(t, strings.Count(Version(), "."), 2)
}

func TestGoroutinesShareFrames(t *testing.T) {
	df := sales(t)
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 25 {
				some, err := df.Filter("price > 2").Collect(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				if rows, _ := some.Shape(); rows != 3 {
					t.Errorf("expected 3 rows, found %d", rows)
				}
				some.Close()
			}
		}()
	}
	group.Wait()
}

func TestNothingStaysAlive(t *testing.T) {
	ctx, df := context.Background(), sales(t)
	work := func() {
		some, err := df.GroupBy("region").Agg(Count().Alias("n")).Collect(ctx)
		equal(t, err, nil)
		_, err = some.Records()
		equal(t, err, nil)
		_, err = some.ToArrow()
		equal(t, err, nil)
		column, err := some.Column("n")
		equal(t, err, nil)
		_, err = column.Int64s()
		equal(t, err, nil)
		column.Close()
		some.Close()
		_, err = df.Filter("nope > 1").Collect(ctx)
		refuses(t, err, ErrUnknownColumn)
		_, err = df.Column("nope")
		refuses(t, err, ErrUnknownColumn)
		_, err = df.Head(1).Explain()
		equal(t, err, nil)
	}
	work()
	before := live(t)
	goroutines := runtime.NumGoroutine()
	for range 20 {
		work()
	}
	equal(t, live(t), before)
	equal(t, runtime.NumGoroutine(), goroutines)
}

func TestWhatIsNotClosedGoesWithTheCollector(t *testing.T) {
	before := live(t)
	for range 10 {
		if _, err := sales(t).Head(1).Collect(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	// The frames of sales go at the end of the test: ten of them stay.
	for live(t)[0] > before[0]+10 && time.Now().Before(deadline) {
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	equal(t, live(t)[0], before[0]+10)
}

func TestGoroutinesShareAColumn(t *testing.T) {
	part, err := FromColumns([]ColumnValues{Values("k", make([]int64, 5_000)...)})
	equal(t, err, nil)
	defer part.Close()
	for range 50 {
		df := collected(t, Concat(part, part, part))
		column, err := df.Column("k")
		equal(t, err, nil)
		var group sync.WaitGroup
		for worker := range 8 {
			group.Add(1)
			go func() {
				defer group.Done()
				if worker%2 == 0 {
					if values, err := column.Values(); err != nil || len(values) != 15_000 {
						t.Errorf("%d values, %v", len(values), err)
					}
					return
				}
				view, err := column.Int64s()
				if err != nil {
					t.Error(err)
				}
				for _, value := range view {
					if value != 0 {
						t.Errorf("expected 0, found %d", value)
						break
					}
				}
			}()
		}
		group.Wait()
		column.Close()
		df.Close()
	}
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	ctx, df, bad := context.Background(), sales(t), "\xff"
	for name, lazy := range map[string]*LazyFrame{
		"rename": df.Rename(map[string]string{"region": bad}),
		"alias":  df.Select(Col("region").Alias(bad)),
		"select": df.Select(bad),
		"column": df.Select(Col(bad).Alias("a")),
		"text":   df.Select(Text("'\xff' as a")),
		"join":   df.Join(df, On(bad)),
		"param":  df.Filter("price > :x", Params{bad: 1}),
		"table":  SQL("select * from s", WithTables(map[string]Frame{"s": df, bad: df})),
		"nulls":  ScanCSV("sales.csv", WithNullValues(bad)),
		"names":  ScanCSV("sales.csv", WithColumnNames(bad)),
		"schema": ScanCSV("sales.csv", WithSchema(map[string]DataType{bad: DataTypeInt64})),
	} {
		if _, err := lazy.Collect(ctx); !errors.Is(err, ErrInvalidUTF8) {
			t.Errorf("%s: expected %s, found %v", name, ErrInvalidUTF8, err)
		}
	}
	_, err := FromColumns([]ColumnValues{Values(bad, 1)})
	refuses(t, err, ErrInvalidUTF8)
	_, err = df.Column(bad)
	refuses(t, err, ErrInvalidUTF8)
}

func TestATableMayBeNamedAsAFieldIs(t *testing.T) {
	df := sales(t)
	for _, name := range []string{"query", "tables"} {
		lazy := SQL("select count(*) as n from "+name, WithTables(map[string]Frame{name: df}))
		equal(t, values(t, collected(t, lazy), "n"), []Value{int64(4)})
	}
}

func TestOneValueOfAParameterMayBeGivenTwice(t *testing.T) {
	df, nan := sales(t), Params{"x": math.NaN()}
	collected(t, df.Filter("price < :x", nan).Filter("price < :x", nan))
	collected(t, df.Filter("price > :x", Params{"x": 1}).Filter("price > :x", Params{"x": int64(1)}))
	lazy := df.Filter("price > :x", Params{"x": 1}).Filter("price > :x", Params{"x": 1.0})
	_, err := lazy.Collect(context.Background())
	refuses(t, err, ErrParameter)
}

func TestANilOptionIsRefused(t *testing.T) {
	_, err := sales(t).Lazy().Collect(context.Background(), nil)
	refuses(t, err, ErrInvalidArgument)
}

func TestTextIsNoNumber(t *testing.T) {
	types := WithSchema(map[string]DataType{"a": DataTypeInt64})
	_, err := FromColumns([]ColumnValues{Values("a", "1")}, types)
	refuses(t, err, ErrBadValue)
}
