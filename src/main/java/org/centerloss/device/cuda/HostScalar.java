package org.centerloss.device.cuda;

import jcuda.Pointer;

/** Float32 in host memory, as cuBLAS and cuDNN take their factors; read before a call returns. */
final class HostScalar {
    static final Pointer ZERO = of(0);
    static final Pointer ONE = of(1);

    private HostScalar() {}

    static Pointer of(double value) {
        return Pointer.to(new float[] {(float) value});
    }
}
