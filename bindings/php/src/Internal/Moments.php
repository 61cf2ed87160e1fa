<?php

// Moments of every unit and zone as DateTimeImmutable, and the types that say them.

declare(strict_types=1);

namespace Pardox\Internal;

use Pardox\ErrorKind;

/** @internal */
final class Moments
{
    private const PER_SECOND = ['s' => 1, 'ms' => 1_000, 'us' => 1_000_000, 'ns' => 1_000_000_000];
    private const MICROSECONDS = 1_000_000;

    private readonly int $perSecond;
    private readonly \DateTimeZone $zone;

    public function __construct(string $dtypeName, private readonly string $column)
    {
        [$unit, $zone] = self::unitAndZone($dtypeName);
        $this->perSecond = self::PER_SECOND[$unit];
        try {
            $this->zone = new \DateTimeZone($zone ?? 'UTC');
        } catch (\Exception) {
            throw Failure::make(ErrorKind::Unsupported, "column {$column} has the zone {$zone}, "
                . 'which this PHP does not know; take view()');
        }
    }

    /** @return array{string, ?string} Unit and zone of the name of a type of moments. */
    public static function unitAndZone(string $dtypeName): array
    {
        if ($dtypeName === 'timestamp') {
            return ['us', null];
        }
        $parameters = substr($dtypeName, strlen('timestamp('), -1);
        return array_pad(explode(',', $parameters, 2), 2, null);
    }

    /** A moment in its zone; nanoseconds that a DateTime cannot hold are refused, not cut. */
    public function of(int $ticks): \DateTimeImmutable
    {
        $rest = $ticks % $this->perSecond;
        $rest += $rest < 0 ? $this->perSecond : 0;
        $second = intdiv($ticks - $rest, $this->perSecond);
        if ($this->perSecond > self::MICROSECONDS && $rest % 1_000 !== 0) {
            $lost = $rest % 1_000;
            throw Failure::make(ErrorKind::BadValue, "column {$this->column} holds {$lost} "
                . 'nanoseconds below a microsecond, which a DateTime cannot hold; take view(), or '
                . 'cast it to timestamp(us)');
        }
        $micros = $this->perSecond > self::MICROSECONDS
            ? intdiv($rest, 1_000)
            : $rest * intdiv(self::MICROSECONDS, $this->perSecond);
        return $this->at($second, $micros);
    }

    public function at(int $second, int $microseconds): \DateTimeImmutable
    {
        $text = sprintf('%d.%06d', $second, $microseconds);
        return \DateTimeImmutable::createFromFormat('U.u', $text)->setTimezone($this->zone);
    }

    /** The text of a moment for a type: of a zone its moment, without one what it shows. */
    public static function text(string|\DateTimeInterface $value, string $dtypeName): string
    {
        if (is_string($value)) {
            return $value;
        }
        $isZoned = self::unitAndZone($dtypeName)[1] !== null;
        return $value->format($isZoned ? 'Y-m-d\TH:i:s.uP' : 'Y-m-d\TH:i:s.u');
    }
}
