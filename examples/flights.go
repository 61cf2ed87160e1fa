// The worst routes out of New York: reads CSV, asks, keeps the table as .prdx, asks again.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	pardox "github.com/pardox/pardox/bindings/go"
)

func main() {
	log.SetFlags(0)
	if err := ask(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

func ask(ctx context.Context, tables, output, flightsMin string) error {
	least, err := strconv.Atoi(flightsMin)
	if err != nil {
		return err
	}
	flights, err := timed("read flights", func() (*pardox.DataFrame, error) {
		path := filepath.Join(tables, "flights.csv")
		return pardox.ReadCSV(ctx, path, pardox.WithNullValues("NA"))
	})
	if err != nil {
		return err
	}
	defer flights.Close()
	airlines, err := timed("read airlines", func() (*pardox.DataFrame, error) {
		path := filepath.Join(tables, "airlines.csv")
		return pardox.ReadCSV(ctx, path, pardox.WithNullValues("NA"))
	})
	if err != nil {
		return err
	}
	defer airlines.Close()
	speed := pardox.Col("distance").Mul(1.609344).Div(pardox.Col("air_time").Div(60))
	enriched, err := timed("enrich", func() (*pardox.DataFrame, error) {
		return flights.Filter("air_time > 60").WithColumns(speed.Alias("speed_kmh")).Collect(ctx)
	})
	if err != nil {
		return err
	}
	defer enriched.Close()
	if err := show(ctx, "ask", enriched, airlines, least); err != nil {
		return err
	}
	path := filepath.Join(output, "enriched.prdx")
	if _, err := enriched.ToPrdx(ctx, path); err != nil {
		return err
	}
	again, err := timed("open prdx", func() (*pardox.DataFrame, error) {
		return pardox.ReadPrdx(ctx, path)
	})
	if err != nil {
		return err
	}
	defer again.Close()
	return show(ctx, "ask again", again, airlines, least)
}

func show(ctx context.Context, step string, flights, airlines *pardox.DataFrame, least int) error {
	worst, err := timed(step, func() (*pardox.DataFrame, error) {
		return worstRoutes(flights, airlines, least).Collect(ctx)
	})
	if err != nil {
		return err
	}
	defer worst.Close()
	text, err := worst.Display(pardox.WithWidth(100))
	fmt.Print(text)
	return err
}

func worstRoutes(flights, airlines *pardox.DataFrame, least int) *pardox.LazyFrame {
	delay := pardox.Col("arr_delay")
	late := delay.Gt(0).Cast(pardox.DataTypeInt64)
	return flights.
		GroupBy("carrier", "dest").
		Agg(
			pardox.Count().Alias("n"),
			delay.Mean().Alias("mean_delay"),
			delay.Max().Alias("worst_delay"),
			late.Sum().Alias("late"),
			late.Mean().Alias("late_share"),
			pardox.Mean("speed_kmh").Alias("mean_kmh"),
		).
		Filter("n >= :least", pardox.Params{"least": least}).
		Join(airlines, pardox.On("carrier")).
		Sort([]any{pardox.Col("mean_delay").Desc(), "carrier", "dest"}).
		Limit(10, 0).
		Select(
			"carrier", "name", "dest", "n",
			pardox.Col("mean_delay").Round(2).Alias("mean_delay"),
			"worst_delay", "late",
			pardox.Col("late_share").Round(4).Alias("late_share"),
			pardox.Col("mean_kmh").Round(1).Alias("mean_kmh"),
		)
}

func timed(step string, work func() (*pardox.DataFrame, error)) (*pardox.DataFrame, error) {
	start := time.Now()
	df, err := work()
	if err != nil {
		return nil, err
	}
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	rows, _ := df.Shape()
	fmt.Fprintf(os.Stderr, "%-14s %9.1f ms %9d rows %8d MB peak\n",
		step, float64(time.Since(start).Microseconds())/1000, rows, usage.Maxrss/1024)
	return df, nil
}
