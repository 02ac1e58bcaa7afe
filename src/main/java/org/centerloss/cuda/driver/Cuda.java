package org.centerloss.cuda.driver;

import jcuda.CudaException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.centerloss.device.DeviceException;

/**
 * The one place that readies JCuda and translates its failures.
 *
 * <p>JCuda reports a status and throws only where told to. It is told here, so that a call whose
 * status nobody looks at still cannot fail unnoticed. Some of its functions forget to throw even
 * so: what {@link #call} runs is checked in any case.
 */
public final class Cuda {
    /** A call of the driver API, which returns its status. */
    public interface Call {
        int run();
    }

    static final String NO_GPU =
            "the driver finds no GPU; see what nvidia-smi says, or use --device cpu";

    private static boolean ready;

    private Cuda() {}

    /** Loads the driver and initialises it; the first thing to call. */
    public static synchronized void initialize() {
        if (ready) {
            return;
        }
        NativeLibraries.loadDriver();
        JCudaDriver.setExceptionsEnabled(true);
        call("initialise", () -> JCudaDriver.cuInit(0));
        ready = true;
    }

    /**
     * Runs a call and translates its failure.
     *
     * @param operation what is being done, for the message: "kernel sgd", "allocate 12 MiB"
     */
    public static void call(String operation, Call call) {
        try {
            check(call.run());
        } catch (CudaException e) {
            throw failure(operation, e);
        }
    }

    /** Throws what JCuda would throw. */
    static void check(int status) {
        if (status != CUresult.CUDA_SUCCESS) {
            throw new CudaException(CUresult.stringFor(status));
        }
    }

    static boolean isOutOfMemory(CudaException failure) {
        return failure.getMessage().equals("CUDA_ERROR_OUT_OF_MEMORY");
    }

    static DeviceException failure(String operation, CudaException cause) {
        return failure(operation, cause, remedy(cause.getMessage()));
    }

    /** The one form of every message: operation, the driver's name of the status, what to do. */
    static DeviceException failure(String operation, CudaException cause, String remedy) {
        return new DeviceException(
                "cuda: %s: %s: %s".formatted(operation, cause.getMessage(), remedy), cause);
    }

    private static String remedy(String status) {
        return switch (status) {
            case "CUDA_ERROR_OUT_OF_MEMORY" ->
                    "not enough memory; use smaller batches or end other programs on the GPU";
            case "CUDA_ERROR_NO_DEVICE" -> NO_GPU;
            case "CUDA_ERROR_ILLEGAL_ADDRESS",
                    "CUDA_ERROR_MISALIGNED_ADDRESS",
                    "CUDA_ERROR_LAUNCH_FAILED" ->
                    "a kernel went wrong and the GPU's state is lost; run again with --sync, which"
                            + " names the kernel";
            case "CUDA_ERROR_INVALID_CONTEXT" ->
                    "there is no CUDA context; a device is driven by the thread that opened it";
            case "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED" ->
                    "this cannot be recorded in a program; do it before or after";
            default -> "run again with --sync to see which call it was";
        };
    }
}
