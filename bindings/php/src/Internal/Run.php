<?php

// A plan on its way to the library: frames by position, the operation waited for in slices.
//
// PHP runs signal handlers and counts its time limits between two lines of PHP, so a wait is never
// one long call; and whatever unwinds the loop below cancels the work. Nothing calls back into PHP.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\ColumnDefinition;
use Pardox\DataType;
use Pardox\ErrorKind;
use Pardox\Progress;

/** @internal */
final class Run
{
    /** How long one call may wait: a cancelled operation or a signal is seen that fast. */
    private const SLICE_MS = 100;
    private const SCHEMA_MAJOR = 1;
    private const ENGINE_MIN = '0.1';

    /** @param list<Handle> $frames */
    private function __construct(
        private readonly Native $native,
        private readonly Handle $plan,
        private readonly array $frames,
        private readonly string $params
    ) {
    }

    /**
     * Parses a plan; `$params` are values by name. A plan that reads a stream is run, or not
     * prepared at all: the stream would be gone.
     */
    public static function prepare(array $node, array $params, bool $runs = false): self
    {
        $frames = [];
        $document = [
            'schema' => self::SCHEMA_MAJOR,
            'engine' => self::ENGINE_MIN,
            'plan' => self::place($node, $frames),
        ];
        $native = Library::native();
        $plan = new Handle($native, $native->planParse(Json::encode($document)));
        $values = Wire::params($params);
        foreach ($frames as $i => $one) {
            if ($one instanceof Feed && !$runs) {
                throw Failure::argument('the plan reads a stream; only collect can ask it');
            }
            $frames[$i] = $one instanceof Feed ? $one->fill($native) : $one;
        }
        return new self($native, $plan, $frames, $values);
    }

    /**
     * Runs the plan to its end.
     *
     * @param (callable(Progress): mixed)|null $onProgress Cancels the work by returning false.
     */
    public function collect(?int $threads = null, ?callable $onProgress = null): Handle
    {
        $options = $threads === null ? '' : Json::encode(['threads' => $threads]);
        $operation = new Handle($this->native, $this->native->collect(
            $this->plan->value(),
            $this->handles(),
            $this->params,
            $options
        ));
        try {
            $this->wait($operation->value(), $onProgress);
            $frame = $this->native->operationResult($operation->value());
            return new Handle($this->native, $frame);
        } finally {
            // Work that still runs, because a signal handler or a listener threw, is cancelled.
            $operation->close();
        }
    }

    public function explain(): string
    {
        $bytes = $this->native->planExplain($this->plan->value(), $this->handles(), $this->params);
        return (new Handle($this->native, $bytes))->text();
    }

    /** The plan as a document whose text is all expanded: equal questions have one. */
    public function canonical(): string
    {
        $bytes = $this->native->planCanonical($this->plan->value(), $this->handles());
        return (new Handle($this->native, $bytes))->text();
    }

    /** @return list<ColumnDefinition> */
    public function schema(): array
    {
        $bytes = $this->native->planSchema($this->plan->value(), $this->handles(), $this->params);
        return self::definitions((new Handle($this->native, $bytes))->text());
    }

    /** @return list<ColumnDefinition> */
    public static function definitions(string $json): array
    {
        return array_map(
            static function (array $one): ColumnDefinition {
                $kind = DataType::from(strtok($one['dtype'], '('));
                return new ColumnDefinition($one['name'], $kind, $one['dtype']);
            },
            Json::decode($json)
        );
    }

    private function wait(int $operation, ?callable $onProgress): void
    {
        while ($this->native->operationWait($operation, self::SLICE_MS) === Native::STATE_RUNNING) {
            if ($onProgress === null) {
                continue;
            }
            [$done, $total, $rows] = $this->native->operationProgress($operation);
            if ($onProgress(new Progress($done, $total, $rows)) === false) {
                $this->native->operationCancel($operation);
            }
        }
    }

    /** @return list<int> */
    private function handles(): array
    {
        return array_map(static fn (Handle $frame) => $frame->value(), $this->frames);
    }

    /**
     * The plan with positions where frames and streams stand.
     *
     * @param list<Handle|Feed> $frames
     */
    private static function place(array $node, array &$frames): array
    {
        $tag = array_key_first($node);
        if ($tag === 'frame') {
            $index = array_search($node[$tag], $frames, true);
            if ($index === false) {
                $index = count($frames);
                $frames[] = $node[$tag];
            }
            return ['frame' => ['index' => $index]];
        }
        if (($node[$tag]['feed'] ?? null) instanceof Feed) {
            $index = array_search($node[$tag]['feed'], $frames, true);
            if ($index === false) {
                $index = count($frames);
                $frames[] = $node[$tag]['feed'];
            }
            $node[$tag]['feed'] = $index;
        }
        foreach (['input', 'left', 'right'] as $field) {
            if (isset($node[$tag][$field])) {
                $node[$tag][$field] = self::place($node[$tag][$field], $frames);
            }
        }
        if (isset($node[$tag]['inputs'])) {
            foreach ($node[$tag]['inputs'] as $i => $input) {
                $node[$tag]['inputs'][$i] = self::place($input, $frames);
            }
        }
        if (isset($node[$tag]['tables'])) {
            $tables = [];
            foreach ((array) $node[$tag]['tables'] as $name => $table) {
                $tables[$name] = self::place($table, $frames);
            }
            $node[$tag]['tables'] = (object) $tables;
        }
        return $node;
    }

    /**
     * Values of parameters of several plans as one: a name with two values is refused.
     *
     * @param list<array<string, mixed>> $all
     * @return array<string, mixed>
     */
    public static function merge(array ...$all): array
    {
        $merged = [];
        foreach ($all as $params) {
            foreach ($params as $name => $value) {
                // As the plan has them: two NAN, or two objects of one moment, are one value.
                $isOther = array_key_exists($name, $merged)
                    && Wire::param($merged[$name]) !== Wire::param($value);
                if ($isOther) {
                    throw Failure::make(
                        ErrorKind::Parameter,
                        "the parameter {$name} is given twice, with two values"
                    );
                }
                $merged[$name] = $value;
            }
        }
        return $merged;
    }
}
