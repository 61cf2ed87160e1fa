module github.com/pardox/pardox/bindings/go

go 1.23
