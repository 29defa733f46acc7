//! Devices: where a subject runs. The processor is always there; what else a case asks for is
//! looked up by name, and a device that is missing says why.

use std::fmt;

use crate::config::suggest;

/// A device that is ready to run a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    name: String,
}

/// Why a device cannot be used here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// The reason, for a person.
    pub reason: String,
}

/// The devices that bitnet-bench knows by name.
const KNOWN: &[&str] = &[Device::CPU, "wgpu", "vulkan", "metal", "dx12", "gl"];

impl Device {
    /// The name of the processor.
    pub const CPU: &'static str = "cpu";

    /// The processor.
    pub fn cpu() -> Self {
        Self { name: Self::CPU.to_owned() }
    }

    /// The device of that name, if it can be used here.
    ///
    /// # Errors
    /// With the reason, if it cannot.
    pub fn find(name: &str) -> Result<Self, Unavailable> {
        if name == Self::CPU {
            return Ok(Self::cpu());
        }
        let reason = if KNOWN.contains(&name) {
            format!(
                "`{name}` cannot be measured: bitnet-bench {} runs on the processor only",
                env!("CARGO_PKG_VERSION")
            )
        } else {
            let meant =
                suggest(name, KNOWN.iter().copied()).map_or(String::new(), |s| format!("; did you mean `{s}`?"));
            format!("there is no device `{name}` (known: {}){meant}", KNOWN.join(", "))
        };
        Err(Unavailable { reason })
    }

    /// Its name, as it stands behind the `@` of a case id.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the processor.
    pub fn is_cpu(&self) -> bool {
        self.name == Self::CPU
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_device_says_why() {
        assert!(Device::find("cpu").is_ok_and(|device| device.is_cpu()));
        assert!(Device::find("metal").is_err_and(|missing| missing.reason.contains("metal")));
        assert!(Device::find("vulcan").is_err_and(|missing| missing.reason.contains("did you mean `vulkan`?")));
    }
}
