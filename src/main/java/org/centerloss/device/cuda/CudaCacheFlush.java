package org.centerloss.device.cuda;

import org.centerloss.device.CacheFlush;

/** Writes device memory of twice the size of the GPU's L2 cache. */
final class CudaCacheFlush extends CudaOp implements CacheFlush {
    private final DeviceMemory memory;

    CudaCacheFlush(CudaDevice device, long cacheBytes) {
        super(device, "cache flush");
        memory = workspace(2 * cacheBytes);
    }

    @Override
    public void run() {
        checkOpen();
        memory.zero(device.stream());
    }
}
