//! Arguments: what each parameter of the function is passed.

use syn::ext::IdentExt;

use super::plan::{Argument, Axis, Passing};
use super::signature::{Parameter, Parameters, is_named};
use crate::mistakes::Mistakes;
use crate::parse::{Known, Options};

/// What each parameter is passed. A parameter that a slip of the pen left unfed is `forgiven`.
pub(super) fn arguments(
    parameters: &Parameters,
    axes: &[Axis],
    options: &Options,
    forgiven: &[String],
    mistakes: &mut Mistakes,
) -> Vec<Argument> {
    let mut arguments = Vec::new();
    let mut inputs = 0;
    if parameters.bencher.is_some() {
        arguments.push(Argument::Bencher);
    }
    for parameter in &parameters.others {
        let name = parameter.name.as_ref().map(|name| name.unraw().to_string()).unwrap_or_default();
        if name == "device" && (is_named(&parameter.ty, "Device") || options.devices.is_some()) {
            if parameter.passing == Passing::Mutable {
                mistakes.at(&parameter.ty, "a device is shared: take it as `&Device`");
            }
            arguments.push(Argument::Device(parameter.passing));
        } else if axes.iter().any(|axis| axis.name == name) {
            arguments.push(Argument::Axis(name, parameter.passing));
        } else if options.inputs.is_some() {
            arguments.push(Argument::Input(inputs, parameter.passing));
            inputs += 1;
        } else if !forgiven.contains(&name) {
            mistakes.at(&parameter.pattern, unfed(parameter, &name, parameters.bencher.is_some()));
        }
    }
    arguments
}

/// What to write so that the parameter is fed.
fn unfed(parameter: &Parameter, name: &str, has_bencher: bool) -> String {
    if name.is_empty() {
        return "a parameter is fed by its name: write a plain name here, and take the value apart inside".to_owned();
    }
    if parameter.passing == Passing::Mutable {
        return format!(
            "nothing feeds `{name}`: add `inputs = || …` to the attribute; if this is the bencher, write its type as \
             `&mut Bencher`"
        );
    }
    let example = match name {
        "size" => "sizes = [1024, 4096]".to_owned(),
        "threads" => "threads = [1, 2, 4]".to_owned(),
        _ if Known::find(name).is_some() => {
            return format!("nothing feeds `{name}`, and `{name} = …` is an option: give the parameter another name");
        }
        _ => format!("{name} = […]"),
    };
    let inputs = if has_bencher { "" } else { ", or `inputs = || …` to make it outside the timing" };
    format!("nothing feeds `{name}`: add `{example}` to the attribute{inputs}")
}
