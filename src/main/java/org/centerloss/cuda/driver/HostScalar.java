package org.centerloss.cuda.driver;

import jcuda.Pointer;

/** Float32 in host memory, as cuBLAS and cuDNN take their factors; read before a call returns. */
public final class HostScalar {
    public static final Pointer ZERO = of(0);
    public static final Pointer ONE = of(1);

    private HostScalar() {}

    public static Pointer of(double value) {
        return Pointer.to(new float[] {(float) value});
    }
}
