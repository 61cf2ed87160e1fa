<?php

// Decimals between the library's 128 bits and numeric strings: "12.50". PHP has no exact decimal
// number, and bcmath takes such strings as they are.

declare(strict_types=1);

namespace Pardox\Internal;

/** @internal */
final class Decimals
{
    /** Bytes of one value. */
    public const BYTES = 16;
    /** Digits that are carried at a time: their products with 2^32 fit an int. */
    private const BASE = 1_000_000_000;

    /**
     * The texts of values that lie one behind the other, with all digits of the type's scale.
     *
     * @return list<string>
     */
    public static function texts(string $bytes, string $dtypeName): array
    {
        sscanf($dtypeName, 'decimal(%d,%d)', $precision, $scale);
        $words = array_values(unpack('V*', $bytes));
        $texts = [];
        for ($at = 0; $at < count($words); $at += 4) {
            $texts[] = self::text($words[$at + 3], $words[$at + 2], $words[$at + 1], $words[$at], $scale);
        }
        return $texts;
    }

    /** The text of a whole number of four words of 32 bits, the highest first, by its scale. */
    private static function text(int $a, int $b, int $c, int $d, int $scale): string
    {
        $isNegative = $a >= 0x80000000;
        $words = [$a, $b, $c, $d];
        if ($isNegative) {
            $carry = 1;
            for ($i = 3; $i >= 0; $i -= 1) {
                $word = (~$words[$i] & 0xFFFFFFFF) + $carry;
                [$words[$i], $carry] = [$word & 0xFFFFFFFF, $word >> 32];
            }
        }
        $digits = '';
        while (array_filter($words) !== []) {
            $rest = 0;
            foreach ($words as $i => $word) {
                $part = ($rest << 32) | $word;
                [$words[$i], $rest] = [intdiv($part, self::BASE), $part % self::BASE];
            }
            $digits = sprintf('%09d', $rest) . $digits;
        }
        $digits = str_pad(ltrim($digits, '0'), $scale + 1, '0', STR_PAD_LEFT);
        $whole = substr($digits, 0, strlen($digits) - $scale);
        $sign = $isNegative ? '-' : '';
        return $scale === 0 ? $sign . $whole : $sign . $whole . '.' . substr($digits, -$scale);
    }
}
