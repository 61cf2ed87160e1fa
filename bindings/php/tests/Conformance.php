<?php

// The adapter of the conformance suite: a request on each line of stdin, an answer on each line of
// stdout (docs/conformance.md).

declare(strict_types=1);

namespace Pardox\Tests;

use Pardox\CsvSniff;
use Pardox\DataFrame;
use Pardox\Exception\PardoxException;
use Pardox\Internal\Run;
use Pardox\LazyFrame;

final class Conformance
{
    private const JSON = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE;
    private const DEPTH_MAX = 10_000;

    public static function main(): void
    {
        while (($line = fgets(STDIN)) !== false) {
            $request = json_decode($line, true, self::DEPTH_MAX, JSON_THROW_ON_ERROR);
            $answer = ['id' => $request['id']] + self::answer($request);
            fwrite(STDOUT, json_encode($answer, self::JSON, self::DEPTH_MAX) . "\n");
        }
    }

    private static function answer(array $request): array
    {
        try {
            if ($request['want'] === 'canonical') {
                return self::canonical($request);
            }
            foreach ($request['before'] as $document) {
                self::collect(new Dispatch([]), $document, []);
            }
            $frames = array_map(
                static fn (array $document) => self::collect(new Dispatch([]), $document, []),
                $request['frames']
            );
            $params = array_map(Values::operand(...), $request['params']);
            $result = self::collect(new Dispatch($frames), $request['plan'], $params);
            $table = match ($request['want']) {
                'quarantine' => $result->quarantine(),
                'counts' => $result->faults(),
                default => $result,
            };
            $none = ['schema' => [], 'rows' => []];
            return ['ok' => $table === null ? $none : Values::answer($table)];
        } catch (PardoxException $error) {
            $details = $error->details();
            return ['error' => [
                'kind' => $error->kind()->value,
                'message' => $error->getMessage(),
                'file' => $details->file,
                'column' => $details->column,
                'record' => $details->record,
                'line' => $details->line,
                'byte_offset' => $details->byteOffset,
                'expected' => $details->expected,
                'found' => $details->found,
                'hint' => $details->hint,
            ]];
        } catch (\Throwable $error) {
            // The face has no way to ask it, or PHP itself refuses: the gaps say why.
            $kind = 'PHP: ' . get_debug_type($error);
            return ['error' => ['kind' => $kind, 'message' => $error->getMessage()]];
        }
    }

    private static function canonical(array $request): array
    {
        $frames = array_map(
            static fn (array $document) => self::collect(new Dispatch([]), $document, []),
            $request['frames']
        );
        $lazy = (new Dispatch($frames))->answer($request['plan']['plan']);
        $document = Run::prepare($lazy->plan(), [])->canonical();
        return ['canonical' => json_decode($document, false, self::DEPTH_MAX, JSON_THROW_ON_ERROR)];
    }

    private static function collect(Dispatch $dispatch, array $document, array $params): DataFrame
    {
        if ([$document['schema'], $document['engine']] !== [1, '0.1']) {
            throw new \LogicException('the face writes the version of a document itself');
        }
        $answer = $dispatch->answer($document['plan']);
        if ($answer instanceof LazyFrame) {
            return $answer->collect(params: $params);
        }
        if (is_int($answer)) {
            return DataFrame::fromColumns(['rows' => [$answer]]);
        }
        if ($answer instanceof CsvSniff) {
            return self::sniffed($answer);
        }
        return DataFrame::fromColumns([
            'path' => [$answer->path],
            'rows' => [$answer->rows],
            'bytes' => [$answer->bytes],
        ]);
    }

    /** What was sniffed as the row that it is in the plan. */
    private static function sniffed(CsvSniff $found): DataFrame
    {
        $columns = [];
        $types = ['skip_lines' => 'int64', 'header' => 'bool', 'trim' => 'bool'];
        foreach ($found->options as $name => $value) {
            $wire = strtolower(preg_replace('/[A-Z]/', '_$0', $name));
            $columns[$wire] = [$value];
            $types[$wire] ??= 'utf8';
        }
        return DataFrame::fromColumns($columns + [
            'columns' => [$found->columns],
            'confidence' => [$found->confidence],
            'doubt' => [$found->doubt],
        ], $types + ['columns' => 'int64', 'confidence' => 'float64', 'doubt' => 'utf8']);
    }
}
