package org.centerloss.cuda.runtime;

import org.centerloss.cuda.driver.Grid;

/** How kernels that go plane by plane are launched, {@code kernels/planes.cuh}. */
public final class Planes {
    private static final int THREADS = 256;
    private static final int PER_BLOCK = 8;

    private Planes() {}

    /** A warp for each channel of each image. */
    public static Grid grid(int batch, int channels) {
        return Grid.of(Grid.blocks((long) batch * channels, PER_BLOCK), THREADS);
    }
}
