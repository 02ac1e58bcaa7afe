package org.centerloss.cuda;

import org.centerloss.device.Device;

/** CUDA devices whose kernels are not the ones that a user gets. */
public final class OtherKernels {
    private OtherKernels() {}

    /**
     * A device that takes the kernels of one source file from elsewhere.
     *
     * @param module the source file's name without its ending
     */
    public static Device open(String module, String ptx) {
        CudaDevice device = new CudaDevice(0, false);
        device.replace(module, ptx);
        return device;
    }
}
