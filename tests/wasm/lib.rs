//! Training as WebAssembly, called by `run.mjs`. An export takes and returns numbers; its text is then read byte by byte.
#![expect(unsafe_code, reason = "the names of exports; nothing here is unsafe")]

#[path = "../kernels/passes.rs"]
mod passes;

use std::cell::RefCell;
use std::ops::ControlFlow;

use lenet5::data::digits;
use lenet5::kernels::simd::Level;
use lenet5::models::builder::Builder;
use lenet5::training::Trainer;

thread_local! {
    /// What the last export had to say.
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
    /// The network of [`steps`].
    static TRAINER: RefCell<Option<Trainer<f32>>> = const { RefCell::new(None) };
}

/// Byte `index` of the text; -1 after its end.
#[unsafe(no_mangle)]
pub extern "C" fn byte(index: usize) -> i32 {
    TEXT.with_borrow(|text| text.as_bytes().get(index).map_or(-1, |&byte| byte.into()))
}

/// The number of levels, 1 or 0. The text is the name of the level, or why there is none.
#[unsafe(no_mangle)]
pub extern "C" fn level() -> usize {
    let level = Level::from_environment();
    TEXT.set(level.as_ref().map_or_else(ToString::to_string, |level| level.name().into()));
    usize::from(level.is_ok())
}

/// Trains two passes with preset `index` of `passes::EXPECTED`. The text is the hash of what they end in.
#[unsafe(no_mangle)]
pub extern "C" fn two_passes(index: usize) {
    let assignments = passes::assignments(passes::EXPECTED[index].0);
    let settings = Builder::assigned(&assignments.each_ref().map(String::as_str)).expect("these settings exist");
    TEXT.set(passes::hash(&settings, &digits::load(), Level::of_process()));
}

/// Takes `count` steps of training with the preset `paper`, as a pass takes them. The first call takes the curvature, too.
#[unsafe(no_mangle)]
pub extern "C" fn steps(count: usize) {
    TRAINER.with_borrow_mut(|trainer| {
        let trainer = trainer.get_or_insert_with(|| {
            let settings = Box::leak(Box::new(Builder::default().build().expect("the defaults")));
            let mut trainer = Trainer::new(settings, Box::leak(Box::new(digits::load())));
            trainer.estimate_curvature();
            trainer.set_step_sizes();
            trainer
        });
        let order = trainer.order(1);
        let patterns: Vec<usize> = order.iter().copied().cycle().take(count).collect();
        let _ = trainer.present(&patterns, |_| ControlFlow::Continue(()));
    });
}
