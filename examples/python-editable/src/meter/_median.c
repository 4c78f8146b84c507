#include <Python.h>

/* The middle one of three numbers. */
static PyObject *median(PyObject *self, PyObject *args) {
    double a, b, c;
    if (!PyArg_ParseTuple(args, "ddd", &a, &b, &c)) return NULL;
    double low = a < b ? a : b, high = a < b ? b : a;
    return PyFloat_FromDouble(c < low ? low : c > high ? high : c);
}

static PyMethodDef methods[] = {{"median", median, METH_VARARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_median", NULL, -1, methods};

PyMODINIT_FUNC PyInit__median(void) { return PyModule_Create(&module); }
