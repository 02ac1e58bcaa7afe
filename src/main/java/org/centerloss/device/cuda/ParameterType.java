package org.centerloss.device.cuda;

/** The type of a kernel's parameter. */
enum ParameterType {
    POINTER(Long.BYTES),
    INT(Integer.BYTES),
    LONG(Long.BYTES),
    FLOAT(Float.BYTES),
    DOUBLE(Double.BYTES);

    /** Size and alignment, in bytes. */
    final int bytes;

    ParameterType(int bytes) {
        this.bytes = bytes;
    }
}
