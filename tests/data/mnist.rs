//! The paper's statements about its data, on the real MNIST where LENET5_DATA names its folder; skipped, and said so, elsewhere.

use crate::real_mnist;

use std::path::Path;

use lenet5::data::{Dataset, Images, encoder::Encoder, mnist};
use lenet5::evaluation::evaluate;
use lenet5::kernels::maps::Maps;
use lenet5::models::INPUT;
use lenet5::models::builder::Builder;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::folder::read_table;
use lenet5::training::PassRecord;

fn mnist(test: &str) -> Option<Dataset> {
    Some(mnist::load(&real_mnist::folder(test)?).unwrap())
}

/// Mean and variance of the input units over all images.
fn moments(images: &Images) -> (f64, f64) {
    let (encoder, mut input) = (Encoder::default(), Maps::<f64>::zeros(INPUT));
    let (mut sum, mut squares) = (0.0, 0.0);
    for index in 0..images.len() {
        encoder.encode_image(images, index, &mut input);
        sum += input.values.iter().sum::<f64>();
        squares += input.values.iter().map(|x| x * x).sum::<f64>();
    }
    let units = (images.len() * INPUT.units()) as f64;
    (sum / units, squares / units - (sum / units).powi(2))
}

/// "This makes the mean input roughly 0, and the variance roughly 1" (section II-B). The mean is; the variance of these
/// levels on MNIST is 0.12, and no scaling of the printed levels is meant to hide it.
#[test]
fn the_mean_input_is_about_0_and_its_variance_is_not_1() {
    let Some(dataset) = mnist("the_mean_input_is_about_0_and_its_variance_is_not_1") else { return };
    let (mean, variance) = moments(&dataset.training);
    println!("mean {mean:.4}, variance {variance:.4}");
    assert!((mean - 0.027_55).abs() < 1e-5 && (variance - 0.123_13).abs() < 1e-5, "mean {mean}, variance {variance}");
}

/// The patterns of Fig. 8 are MNIST's, under the labels of the figure: our test set is the paper's.
#[test]
fn the_errors_of_fig_8_are_in_the_test_set() {
    let Some(dataset) = mnist("the_errors_of_fig_8_are_in_the_test_set") else { return };
    let mut reader = csv::Reader::from_path("src/paper/fig08_lenet5_errors.csv").unwrap();
    let rows: Vec<(usize, u8, u8)> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 82);
    for (index, label, answer) in rows {
        assert_eq!(dataset.test.labels()[index], label, "test pattern {index}");
        assert_ne!(label, answer, "test pattern {index} is an error");
    }
}

/// The network that comes with the program is that of its metrics.
#[test]
fn the_pretrained_network_makes_the_errors_of_its_metrics() {
    let model = Model::pretrained();
    let records = read_table::<PassRecord>(Path::new("results/pretrained/metrics.csv")).unwrap();
    let last = records.last().unwrap();
    assert_eq!((model.settings.preset.as_str(), model.passes), ("tuned-rubbish", last.pass));
    let mut builder = Builder::default();
    builder.file(Path::new("results/pretrained/config.toml")).unwrap();
    assert_eq!(builder.build().unwrap(), model.settings);
    let Some(dataset) = mnist("the_pretrained_network_makes_the_errors_of_its_metrics") else { return };
    let test = evaluate(&model.network(), &model.values, model.settings.loss_function(), &dataset.test);
    assert_eq!(test.errors(), last.test_errors);
    assert!(test.error_percent() < 1.0, "{}", test.error_percent());
}
