<?php

declare(strict_types=1);

namespace Pardox;

use Pardox\Internal\FrameSteps;
use Pardox\Internal\LazyFrameSources;
use Pardox\Internal\Run;

/** A table that is yet to be computed: steps gather until `collect`. */
final class LazyFrame
{
    use FrameSteps;
    use LazyFrameSources;

    /**
     * @internal Made by `scanCsv`, `DataFrame::lazy` and the steps.
     *
     * @param array<string, mixed> $node
     * @param array<string, mixed> $params
     */
    public function __construct(private readonly array $node, private readonly array $params = [])
    {
    }

    /**
     * Runs the plan.
     *
     *     $df = $lazy->collect(onProgress: fn (Progress $p) => print "{$p->rowsDone}\n");
     *
     * @param ?int $threads Worker threads; null takes the number of processors.
     * @param array<string, string|int|float|bool|\DateTimeInterface|null> $params Values for
     *     `:name` and `param` in the plan.
     * @param (callable(Progress): mixed)|null $onProgress Is told about ten times a second how far
     *     the work has come; cancels it by returning false.
     */
    public function collect(
        ?int $threads = null,
        array $params = [],
        ?callable $onProgress = null
    ): DataFrame {
        $run = Run::prepare($this->node, Run::merge($this->params, $params), runs: true);
        return DataFrame::wrap($run->collect($threads, $onProgress));
    }

    /** The plan as it will run, as text. */
    public function explain(array $params = []): string
    {
        return Run::prepare($this->node, Run::merge($this->params, $params))->explain();
    }

    /**
     * Names and types of the result, without running the plan.
     *
     * @return list<ColumnDefinition>
     */
    public function schema(array $params = []): array
    {
        return Run::prepare($this->node, Run::merge($this->params, $params))->schema();
    }

    /** @internal The plan, for frames that stand in another plan. */
    public function plan(): array
    {
        return $this->node;
    }

    /** @internal Values of parameters that steps were given. */
    public function params(): array
    {
        return $this->params;
    }

    protected function node(): array
    {
        return $this->node;
    }

    protected function step(array $node, array $params = [], array $others = []): static
    {
        return self::source($node, Run::merge($this->params, $params), $others);
    }

    protected static function source(array $node, array $params = [], array $others = []): static
    {
        $inner = array_map(static fn (DataFrame|LazyFrame $one) => $one->params(), $others);
        return new self($node, Run::merge($params, ...array_values($inner)));
    }

    protected function write(array $node): WriteReport
    {
        return $this->step($node)->collect()->report();
    }

    protected function group(array $keys): GroupBy
    {
        return new GroupBy($this->node, $keys, $this->step(...));
    }
}
