package org.centerloss.cuda.driver;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/**
 * The primary context of a GPU. The driver keeps a current context per thread, so a device belongs
 * to the thread that opened it.
 */
public final class CudaContext implements AutoCloseable {
    /** The context that is current in a thread, as far as this program has set it. */
    private static final ThreadLocal<CudaContext> CURRENT = new ThreadLocal<>();

    private final CUdevice gpu;
    private final CUcontext context = new CUcontext();
    private final Thread owner = Thread.currentThread();

    public CudaContext(CUdevice gpu) {
        this.gpu = gpu;
        Cuda.call("open the context", () -> JCudaDriver.cuDevicePrimaryCtxRetain(context, gpu));
        try {
            use();
        } catch (DeviceException e) {
            close();
            throw e;
        }
    }

    /** Makes this context current; throws in any thread but the one that opened the device. */
    public void use() {
        if (Thread.currentThread() != owner) {
            throw new DeviceException(
                    "cuda: used from thread '%s', but opened by thread '%s'; a device is driven by one thread"
                            .formatted(Thread.currentThread().getName(), owner.getName()));
        }
        if (CURRENT.get() != this) {
            Cuda.call("make the context current", () -> JCudaDriver.cuCtxSetCurrent(context));
            CURRENT.set(this);
        }
    }

    @Override
    public void close() {
        CURRENT.remove();
        Cuda.call("close the context", () -> JCudaDriver.cuDevicePrimaryCtxRelease(gpu));
    }
}
