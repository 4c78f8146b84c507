insert or ignore into things (name) values ('anvil'), ('bellows'), ('crucible');
