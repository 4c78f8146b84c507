#include <ruby.h>
#include <yaml.h>

static VALUE version(VALUE self) { return rb_str_new_cstr(yaml_get_version_string()); }

void Init_greeting(void) { rb_define_singleton_method(rb_define_module("Greeting"), "version", version, 0); }
