package pardox

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// Expected values are by hand.

func sales(t *testing.T) *DataFrame {
	t.Helper()
	df, err := FromColumns([]ColumnValues{
		Values[any]("region", "north", "south", "north", nil),
		Values("price", 12.5, 3, 20, 1),
		Values[any]("quantity", 2, 10, 1, nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(df.Close)
	return df
}

func collected(t *testing.T, lazy *LazyFrame) *DataFrame {
	t.Helper()
	df, err := lazy.Collect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(df.Close)
	return df
}

func values(t *testing.T, df *DataFrame, name string) []Value {
	t.Helper()
	column, err := df.Column(name)
	if err != nil {
		t.Fatal(err)
	}
	defer column.Close()
	list, err := column.Values()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func equal(t *testing.T, found, expected any) {
	t.Helper()
	if !reflect.DeepEqual(found, expected) {
		t.Errorf("expected %v, found %v", expected, found)
	}
}

func TestShapeNamesAndTypes(t *testing.T) {
	df := sales(t)
	rows, columns := df.Shape()
	equal(t, []int{rows, columns}, []int{4, 3})
	schema, err := df.Schema()
	equal(t, err, nil)
	equal(t, schema, []ColumnDefinition{
		{"region", DataTypeUTF8}, {"price", DataTypeFloat64}, {"quantity", DataTypeInt64}})
}

func TestStepsRunAsOnePlan(t *testing.T) {
	df := sales(t)
	found := collected(t, df.
		WithColumns(Col("price").Mul(Col("quantity")).Alias("total")).
		Filter("total > :low", Params{"low": 20}).
		Sort("total", WithDescending(true)).
		Select("region", "total"))
	records, err := found.Records()
	equal(t, err, nil)
	equal(t, records, []Row{
		{"region": "south", "total": 30.0}, {"region": "north", "total": 25.0}})
}

func TestGroupByKeepsFirstAppearance(t *testing.T) {
	grouped := collected(t, sales(t).GroupBy("region").
		Agg(Count().Alias("n"), Col("price").Mean().Alias("mean")))
	equal(t, values(t, grouped, "region"), []Value{"north", "south", nil})
	equal(t, values(t, grouped, "n"), []Value{int64(2), int64(1), int64(1)})
	equal(t, values(t, grouped, "mean"), []Value{16.25, 3.0, 1.0})
}

func TestBothDoorsAndSQLAnswerTheSame(t *testing.T) {
	df := sales(t)
	byCalls := collected(t, df.Filter(Col("price").Gt(2).And(Col("region").IsNotNull())))
	byText := collected(t, df.Filter("price > 2 and region is not null"))
	bySQL := collected(t, SQL("select * from s where price > :low and region is not null",
		WithTables(map[string]Frame{"s": df}), WithParams(Params{"low": 2})))
	equal(t, byText.String(), byCalls.String())
	equal(t, bySQL.String(), byCalls.String())
}

func TestJoinUnionRenameDropDistinct(t *testing.T) {
	df := sales(t)
	names, err := FromColumns([]ColumnValues{
		Values("region", "north", "south"), Values("name", "N", "S")})
	equal(t, err, nil)
	defer names.Close()
	joined := collected(t, df.Join(names, On("region"), WithHow(JoinHowLeft)))
	equal(t, values(t, joined, "name"), []Value{"N", "S", "N", nil})
	rows, _ := collected(t, df.Union(df)).Shape()
	equal(t, rows, 8)
	renamed, err := collected(t, df.Rename(map[string]string{"price": "cost"})).Columns()
	equal(t, err, nil)
	equal(t, renamed, []string{"region", "cost", "quantity"})
	distinct := collected(t, df.Drop("price", "quantity").Distinct())
	equal(t, values(t, distinct, "region"), []Value{"north", "south", nil})
}

func TestCase(t *testing.T) {
	size := When("price > 10", "much").When("price > 2", "some").Otherwise("little").Alias("size")
	equal(t, values(t, collected(t, sales(t).Select(size)), "size"),
		[]Value{"much", "some", "much", "little"})
}

func TestValuesOfEveryTypeComeBack(t *testing.T) {
	given := []ColumnValues{
		Values[any]("b", true, nil),
		Values[any]("i", int64(math.MinInt64), nil),
		Values[any]("f", math.Inf(-1), nil),
		Values[any]("d", Date{2026, time.November, 22}, nil),
		Values[any]("t", time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC), nil),
		Values[any]("u", "é€😀", nil),
	}
	df, err := FromColumns(given)
	if err != nil {
		t.Fatal(err)
	}
	defer df.Close()
	for _, column := range given {
		equal(t, values(t, df, column.Name), column.Values)
	}
}

func TestFilesRoundTrip(t *testing.T) {
	ctx, dir, df := context.Background(), t.TempDir(), sales(t)
	report, err := df.ToCSV(ctx, filepath.Join(dir, "s.csv"), WithDelimiter(";"))
	equal(t, err, nil)
	equal(t, report.Rows, 4)
	text, err := os.ReadFile(filepath.Join(dir, "s.csv"))
	equal(t, err, nil)
	equal(t, string(text), "region;price;quantity\nnorth;12.5;2\nsouth;3.0;10\nnorth;20.0;1\n;1.0;\n")
	again, err := ReadCSV(ctx, filepath.Join(dir, "s.csv"), WithDelimiter(";"))
	equal(t, err, nil)
	defer again.Close()
	equal(t, again.String(), df.String())
	if _, err := df.ToPrdx(ctx, filepath.Join(dir, "s.prdx")); err != nil {
		t.Fatal(err)
	}
	opened, err := ReadPrdx(ctx, filepath.Join(dir, "s.prdx"))
	equal(t, err, nil)
	defer opened.Close()
	equal(t, opened.String(), df.String())
}

func TestViewsReadInPlace(t *testing.T) {
	column, err := sales(t).Column("price")
	if err != nil {
		t.Fatal(err)
	}
	defer column.Close()
	prices, err := column.Float64s()
	equal(t, err, nil)
	equal(t, prices, []float64{12.5, 3, 20, 1})
	if _, err := column.Int64s(); !errors.Is(err, ErrTypeMismatch) {
		t.Errorf("expected type_mismatch, found %v", err)
	}
}

func TestArrowBytesComeBack(t *testing.T) {
	df := sales(t)
	data, err := df.ToArrow()
	equal(t, err, nil)
	again, err := FromArrow(data)
	equal(t, err, nil)
	defer again.Close()
	equal(t, again.String(), df.String())
}

func TestExplainAndSchemaDoNotRun(t *testing.T) {
	lazy := sales(t).Filter("price > :low")
	text, err := lazy.Explain(Params{"low": 1})
	equal(t, err, nil)
	if !strings.Contains(text, "price") {
		t.Errorf("expected the plan, found %q", text)
	}
	schema, err := lazy.Select("price").Schema(Params{"low": 1})
	equal(t, err, nil)
	equal(t, schema, []ColumnDefinition{{"price", DataTypeFloat64}})
}

func TestSlicesSayTheTypeOfTheirValues(t *testing.T) {
	df, err := FromColumns([]ColumnValues{
		{"f", []float64{1, 2}}, {"g", []float32{1, 2}}, {"i", []int32{1, 2}}, {"a", []any{1, 2.0}},
		{"u", []uint64{1, 1<<64 - 1}}, {"b", []int8{-128, 127}}, {"m", []any{int8(1), uint16(2)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer df.Close()
	none, err := FromColumns([]ColumnValues{{"f", []float64{}}, {"i", []int{}}, {"a", []any{}}})
	if err != nil {
		t.Fatal(err)
	}
	defer none.Close()
	for _, one := range []struct {
		df    *DataFrame
		types string
	}{
		{df, "float64 float32 int32 float64 uint64 int8 int64"},
		{none, "float64 int64 utf8"},
	} {
		columns, err := one.df.Schema()
		if err != nil {
			t.Fatal(err)
		}
		var types []string
		for _, column := range columns {
			types = append(types, string(column.Dtype))
		}
		if found := strings.Join(types, " "); found != one.types {
			t.Fatal(found)
		}
	}
}
