// cppimport
#include <pybind11/pybind11.h>

PYBIND11_MODULE(fast, module) {
    module.def("square", [](int n) { return n * n; });
}

/*
<%
setup_pybind11(cfg)
%>
*/
