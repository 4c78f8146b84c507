require 'mkmf'
have_library('yaml') or abort 'no libyaml'
create_makefile 'greeting'
