package pardox_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	pardox "github.com/pardox/pardox/bindings/go"
)

func table() *pardox.DataFrame {
	df, err := pardox.FromColumns([]pardox.ColumnValues{
		pardox.Values("region", "north", "south", "north"),
		pardox.Values("price", 12.5, 3, 20),
	})
	if err != nil {
		log.Fatal(err)
	}
	return df
}

func Example() {
	ctx, df := context.Background(), table()
	defer df.Close()
	totals, err := df.GroupBy("region").
		Agg(pardox.Sum("price").Alias("total"), pardox.Count().Alias("n")).
		Sort("total", pardox.WithDescending(true)).
		Collect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer totals.Close()
	fmt.Print(totals)
	// Output:
	// shape: (2, 3)
	// region    total      n
	// utf8    float64  int64
	// ------  -------  -----
	// north      32.5      2
	// south       3.0      1
}

func ExampleDataFrame_Rows() {
	df := table()
	defer df.Close()
	for row, err := range df.Rows() {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row["region"], row["price"])
	}
	// Output:
	// north 12.5
	// south 3
	// north 20
}

func ExampleError() {
	df := table()
	defer df.Close()
	_, err := df.Select("prise").Collect(context.Background())
	var failure *pardox.Error
	if errors.As(err, &failure) {
		fmt.Println(errors.Is(err, pardox.ErrUnknownColumn), failure.Hint)
	}
	// Output:
	// true did you mean "price"?
}

func ExampleColumn_Float64s() {
	df := table()
	defer df.Close()
	column, err := df.Column("price")
	if err != nil {
		log.Fatal(err)
	}
	defer column.Close()
	prices, err := column.Float64s()
	if err != nil {
		log.Fatal(err)
	}
	sum := 0.0
	for _, price := range prices {
		sum += price
	}
	fmt.Println(sum)
	// Output:
	// 35.5
}
