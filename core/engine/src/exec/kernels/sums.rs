//! Running sums that lose less than plain additions do: of floats, of distances from a mean, and
//! the mean of whole numbers.

/// A sum of floats and what its additions cut off.
///
/// Source: D. Knuth, The Art of Computer Programming, 4.2.2, theorem B (exact error of a sum).
#[derive(Clone, Copy, Debug, Default)]
pub struct FloatSum {
    pub(super) sum: f64,
    pub(super) rest: f64,
    pub(super) count: u64,
}

impl FloatSum {
    #[inline(always)]
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let part = sum - self.sum;
        self.rest += (self.sum - (sum - part)) + (value - part);
        self.sum = sum;
    }

    /// The sum; where it is infinite or NaN, the rest means nothing.
    pub(super) fn total(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.rest } else { self.sum }
    }
}

/// Number, mean and sum of squared distances from the mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    pub(super) count: u64,
    pub(super) mean: f64,
    pub(super) squares: f64,
}

impl Moments {
    /// Source: T. Chan, G. Golub, R. LeVeque, "Updating Formulae and a Pairwise Algorithm for
    /// Computing Sample Variances", 1979.
    pub(super) fn merge(&mut self, other: Moments) {
        if self.count == 0 {
            *self = other;
        } else if other.count > 0 {
            let (a, b) = (self.count as f64, other.count as f64);
            let distance = other.mean - self.mean;
            self.count += other.count;
            self.mean += distance * (b / (a + b));
            self.squares += other.squares + distance * distance * (a * b / (a + b));
        }
    }

    pub(super) fn variance(self) -> Option<f64> {
        (self.count >= 2).then(|| self.squares / (self.count - 1) as f64)
    }
}

/// The float nearest to the exact quotient `sum / count`; `None` of nothing.
pub fn exact_mean(sum: i128, count: u64) -> Option<f64> {
    const EXACT_MAX: u128 = 1 << 53;
    if count == 0 {
        return None;
    }
    let size = sum.unsigned_abs();
    if size <= EXACT_MAX && u128::from(count) <= EXACT_MAX {
        return Some(sum as f64 / count as f64);
    }
    // At least 63 bits of the quotient; what is left over makes the last of them odd, so that the
    // conversion to 53 bits rounds the exact value.
    let shift = size.leading_zeros();
    let scaled = size << shift;
    let (quotient, rest) = (scaled / u128::from(count), scaled % u128::from(count));
    let quotient = (quotient | u128::from(rest != 0)) as f64 * 0.5_f64.powi(shift as i32);
    Some(if sum < 0 { -quotient } else { quotient })
}
