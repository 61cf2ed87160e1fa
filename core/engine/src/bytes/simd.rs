//! Which instructions the CPU at hand has: asked once by whoever starts work, then passed along.

/// A set of instructions that some code is built for; a later one contains the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SimdLevel {
    /// What every CPU of the target has: the plain path, the reference for the others.
    Scalar,
    /// x86-64 with AVX2, BMI1, BMI2, POPCNT and FMA.
    Avx2,
}

impl SimdLevel {
    /// Every level, the plainest first.
    pub const ALL: &'static [SimdLevel] = &[SimdLevel::Scalar, SimdLevel::Avx2];

    /// The highest level of this CPU, lowered by `PARDOX_SIMD` (`scalar`, `v2` or `v3`) where set: the
    /// variable exists to prove that answers do not depend on it. Another value is not heeded.
    pub fn detect() -> SimdLevel {
        let wanted = match std::env::var("PARDOX_SIMD").as_deref() {
            Ok("scalar" | "v2") => SimdLevel::Scalar,
            _ => SimdLevel::Avx2,
        };
        wanted.min(SimdLevel::highest())
    }

    /// The highest level of this CPU.
    pub fn highest() -> SimdLevel {
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx2")
            && std::is_x86_feature_detected!("bmi1")
            && std::is_x86_feature_detected!("bmi2")
            && std::is_x86_feature_detected!("popcnt")
            && std::is_x86_feature_detected!("fma")
        {
            return SimdLevel::Avx2;
        }
        SimdLevel::Scalar
    }
}
