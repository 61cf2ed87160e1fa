//! Number, mean and sum of squared distances from it: what deviation and variance are made of.
//!
//! Squares leave the range long before the numbers do: 1e200 has none that is finite, and that of
//! 1e-200 is 0. Where they would, distances are taken times a power of two, which changes no digit.

use super::sums::{self, power_of_two, present};
use crate::bytes::scan::Level;
use crate::column::Bitmap;

/// What is known of the values of a group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    count: u64,
    mean: f64,
    /// In the square of the scale's steps.
    squares: f64,
    scale: Scale,
}

/// The steps in which distances from the mean are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Scale {
    /// 2^-600.
    Small,
    /// 1.
    #[default]
    Plain,
    /// 2^600.
    Large,
}

const DOWN: f64 = power_of_two(-600);
const UP: f64 = power_of_two(600);

/// A sum of squares from here on has all its digits: what was too small for a square, at most
/// 2^-1075 for each row of a unit, is below the last of them.
const PLAIN_SQUARES_MIN: f64 = power_of_two(-960);

impl Scale {
    /// The scale for distances whose plain squares add up to `squares`.
    fn fitting(squares: f64) -> Scale {
        match squares {
            _ if !squares.is_finite() => Scale::Large,
            _ if squares < PLAIN_SQUARES_MIN => Scale::Small,
            _ => Scale::Plain,
        }
    }

    /// `a - b` in steps, also where the plain difference is outside the range.
    #[inline(always)]
    fn distance(self, a: f64, b: f64) -> f64 {
        match self {
            Scale::Small => (a - b) * UP,
            Scale::Plain => a - b,
            Scale::Large => a * DOWN - b * DOWN,
        }
    }

    /// A plain number from one in steps.
    fn plain(self, steps: f64) -> f64 {
        match self {
            Scale::Small => steps * DOWN,
            Scale::Plain => steps,
            Scale::Large => steps * UP,
        }
    }

    /// A plain square from one in steps; it may be infinite, or 0.
    fn plain_square(self, squares: f64) -> f64 {
        self.plain(self.plain(squares))
    }

    fn square_of_plain(self, squares: f64) -> f64 {
        match self {
            Scale::Small => squares * UP * UP,
            Scale::Plain => squares,
            Scale::Large => squares * DOWN * DOWN,
        }
    }
}

impl Moments {
    /// Adds those of later values.
    ///
    /// Source: T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for
    /// Computing Sample Variances", 1979.
    pub fn merge(&mut self, other: Moments) {
        if self.count == 0 {
            *self = other;
        } else if other.count > 0 {
            let (a, b) = (self.count as f64, other.count as f64);
            let merged = |scale: Scale| {
                let distance = scale.distance(other.mean, self.mean);
                self.squares_in(scale)
                    + (other.squares_in(scale) + distance * distance * (a * b / (a + b)))
            };
            let plain = merged(Scale::Plain);
            let scale = Scale::fitting(plain);
            let squares = if scale == Scale::Plain { plain } else { merged(scale) };
            let distance = other.mean - self.mean;
            let mean = match distance.is_finite() {
                true => self.mean + distance * (b / (a + b)),
                false => self.mean * (a / (a + b)) + other.mean * (b / (a + b)),
            };
            *self = Moments { count: self.count + other.count, mean, squares, scale };
        }
    }

    fn squares_in(&self, scale: Scale) -> f64 {
        match self.scale == scale {
            true => self.squares,
            false => scale.square_of_plain(self.scale.plain_square(self.squares)),
        }
    }

    /// The variance of a sample, `None` for fewer than two values.
    pub fn variance(self) -> Option<f64> {
        self.mean_square().map(|square| self.scale.plain_square(square))
    }

    /// The standard deviation of a sample, also where the variance is outside the range.
    pub fn deviation(self) -> Option<f64> {
        self.mean_square().map(|square| self.scale.plain(square.sqrt()))
    }

    fn mean_square(self) -> Option<f64> {
        (self.count >= 2).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Sets the squares from those of the distances from a mean that is not exact: the sum of plain
    /// distances, which would be 0 for an exact one, corrects them.
    fn set_squares(&mut self, Distances { sum, squares }: Distances) {
        let corrected = squares - sum * (sum / self.count as f64);
        // Both parts are rounded: less than nothing must not be left, for its root is NaN.
        self.squares = if corrected < 0.0 { 0.0 } else { corrected };
    }
}

/// Sums over a group's distances from its mean, in steps.
#[derive(Clone, Copy, Debug, Default)]
struct Distances {
    sum: f64,
    squares: f64,
}

/// The moments of one unit's groups: a pass for the means, one for the squared distances from them,
/// and a third for groups whose squares do not fit.
pub fn of_unit(
    values: &[f64],
    validity: Option<&Bitmap>,
    ids: &[u32],
    group_count: usize,
    level: Level,
) -> Vec<Moments> {
    let mut moments: Vec<Moments> = sums::of_unit(values, validity, ids, group_count, level)
        .into_iter()
        .map(|sum| Moments {
            count: sum.count(),
            mean: sum.mean().unwrap_or(0.0),
            ..Moments::default()
        })
        .collect();
    let mut distances = vec![Distances::default(); group_count];
    present(validity, ids, |row, id| {
        let distance = values[row] - moments[id].mean;
        distances[id].sum += distance;
        distances[id].squares += distance * distance;
    });
    let mut is_any_beyond = false;
    for (moments, distances) in moments.iter_mut().zip(&mut distances) {
        moments.set_squares(*distances);
        // One value is its own mean; an infinity or a NaN among the values has no distances.
        if moments.count >= 2 && moments.mean.is_finite() {
            moments.scale = Scale::fitting(distances.squares);
        }
        if moments.scale != Scale::Plain {
            is_any_beyond = true;
            *distances = Distances::default();
        }
    }
    if is_any_beyond {
        present(validity, ids, |row, id| {
            let Moments { mean, scale, .. } = moments[id];
            if scale != Scale::Plain {
                let distance = scale.distance(values[row], mean);
                distances[id].sum += distance;
                distances[id].squares += distance * distance;
            }
        });
        for (moments, distances) in moments.iter_mut().zip(distances) {
            if moments.scale != Scale::Plain {
                moments.set_squares(distances);
            }
        }
    }
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: f64 = f64::MAX;

    fn ulps(a: f64, b: f64) -> u64 {
        a.to_bits().abs_diff(b.to_bits())
    }

    /// Deviation and variance in all the ways there are: one group, one among others, and merged
    /// from two parts cut anywhere.
    fn check(values: &[f64], deviation: f64, variance: f64) {
        let one =
            |values: &[f64]| of_unit(values, None, &vec![0; values.len()], 1, Level::current())[0];
        let among =
            |values: &[f64]| of_unit(values, None, &vec![1; values.len()], 3, Level::Scalar)[1];
        for unit in [&one as &dyn Fn(&[f64]) -> Moments, &among] {
            for cut in 0..=values.len() {
                let mut total = unit(&values[..cut]);
                total.merge(unit(&values[cut..]));
                let found = [total.deviation().expect("two"), total.variance().expect("two")];
                for (found, expected) in found.into_iter().zip([deviation, variance]) {
                    let near = ulps(found, expected) <= 4 || found.is_nan() && expected.is_nan();
                    assert!(near, "{values:?} at {cut}: {found:?} {expected:?}");
                }
            }
        }
    }

    /// Expected: Python 3.11, `v = sum((Fraction(x) - mean)**2) / (n - 1)`, its square root by
    /// `Decimal(v.numerator) / Decimal(v.denominator)` with 60 digits, each rounded once to float.
    #[test]
    fn deviation_fits_where_squares_do_not() {
        check(&[1e200, 3e200], 1.414213562373095e200, f64::INFINITY);
        check(&[1e-200, 3e-200], 1.414213562373095e-200, 0.0);
        check(&[1e-162, 2e-162, 4e-162], 1.5275252316519466e-162, 0.0);
        check(&[5e-324, 1e-323, 2.5e-323], 1e-323, 0.0);
        check(&[1.2e308, -1.2e308, 1.2e308, -1.2e308], 1.3856406460551018e308, f64::INFINITY);
        check(&[MAX, -MAX, -MAX, -MAX, -MAX, -MAX], 1.4678102981723262e308, f64::INFINITY);
        check(&[1e154, -1e154, 1.0, 2.0], 8.164965809277261e153, 6.666666666666667e307);
        check(&[1e150, 1e-200, 3e-200], 5.773502691896258e149, 3.333333333333333e299);
        check(&[1e200, 1.0, 1e-200], 5.773502691896257e199, f64::INFINITY);
        check(&[MAX, -MAX], f64::INFINITY, f64::INFINITY);
        check(&[1.0, 2.0, 4.0], 1.5275252316519468, 2.3333333333333335);
        check(&[1.0, 1.0, 1e-250], 0.5773502691896257, 0.3333333333333333);
    }

    /// Expected: IEEE 754.
    #[test]
    fn infinities_have_no_deviation() {
        check(&[f64::INFINITY, 1.0], f64::NAN, f64::NAN);
        check(&[1e200, f64::NAN, 3e200], f64::NAN, f64::NAN);
    }

    #[test]
    fn equal_values_have_a_deviation_near_zero_and_never_nan() {
        for value in [0.1, 1e-300, 5e-324, 0.0, 1e170, MAX] {
            for count in 2..100 {
                let moments = of_unit(&vec![value; count], None, &vec![0; count], 1, Level::Scalar);
                let deviation = moments[0].deviation().expect("two");
                assert!(deviation <= value * 1e-15, "{count} times {value}: {deviation}");
            }
        }
    }
}
