//! Tensors of another program, and the maps of their names.

use std::fs;

use lenet5::data::Source;
use lenet5::runs::checkpoint::Model;
use lenet5::runs::import::{Map, import};

use super::harness::{Parser, folder, run};
use super::{MEMORY, MODELS, as_it_is, valid, words};
use crate::settings::settings;

#[test]
fn tensors() {
    let folder = folder();
    let path = folder.path().join("theirs.safetensors");
    let valid = vec![Model::pretrained_as("lenet1").unwrap().to_bytes()];
    let words =
        [words(MODELS), words(b"F16|BF16|I64|BOOL|\"shape\":[4,1,25]|\"shape\":[12,4,5,5]|\"h3.weight\":")].concat();
    run(&Parser { name: "tensors", valid, words: &words, mend: valid::mend_model, memory: MEMORY }, |bytes| {
        fs::write(&path, bytes).unwrap();
        let imported = import(&path, &Map::default(), settings(&["preset=lenet1"]), Source::Mnist);
        let (model, imported) = imported.map_err(|error| error.to_string())?;
        assert!(
            model.values.iter().all(|value| value.is_finite()) && imported.iter().all(|tensor| tensor.ours.is_some())
        );
        Model::from_bytes(&model.to_bytes()).map(|_| ())
    });
}

#[test]
fn maps() {
    let text = "conv1.weight = 'c1.weight'\n'fc.kernel' = {to = 'f6.weight', transpose = [1, 0]}\nsteps = ''\n";
    let valid = vec![text.into(), b"a = 'b'\n[c.d]\ne = 'f'\n".to_vec()];
    let words = words(b"to = |transpose = [|= ''\n|= {|[[|]]\n|\"\"\"|{ to = 3 }|\\u001b|-1|9223372036854775807|a.b.c");
    run(&Parser { name: "maps", valid, words: &words, mend: as_it_is, memory: MEMORY }, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut map = Map::default();
        text.lines().for_each(|line| drop(map.assignment(line)));
        map.text("mutated", &text).map_err(|error| error.to_string())
    });
}
