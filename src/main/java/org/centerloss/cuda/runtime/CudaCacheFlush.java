package org.centerloss.cuda.runtime;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.device.instrument.CacheFlush;

/** Writes device memory of twice the size of the GPU's L2 cache. */
public final class CudaCacheFlush extends CudaOp implements CacheFlush {
    private final DeviceMemory memory;

    public CudaCacheFlush(CudaDevice device, long cacheBytes) {
        super(device, "cache flush");
        memory = workspace(2 * cacheBytes);
    }

    @Override
    public void run() {
        checkOpen();
        memory.zero(device.stream());
    }
}
