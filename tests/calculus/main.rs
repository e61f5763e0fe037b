//! Derivatives of the first and second order, and the steps that come of them.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/settings.rs"]
mod settings;
mod single_layer;

mod adjoint;
mod curvature;
mod gradients;
mod trajectory;
