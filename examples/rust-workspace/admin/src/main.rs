//! `things-admin migrate DIR` runs the SQL files of a folder in order; `things-admin list` shows what there is.
use std::{env, fs};

use diesel::connection::SimpleConnection;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut connection = store::connect();
    match words.as_slice() {
        ["migrate", folder] => {
            let mut files: Vec<_> = fs::read_dir(folder).expect("folder").flatten().collect();
            files.sort_by_key(|file| file.path());
            for file in files {
                let sql = fs::read_to_string(file.path()).expect("migration");
                connection.batch_execute(&sql).expect("migration");
            }
        }
        ["list"] => store::names(&mut connection).expect("names").iter().for_each(|name| println!("{name}")),
        _ => panic!("usage: things-admin migrate DIR | list"),
    }
}
