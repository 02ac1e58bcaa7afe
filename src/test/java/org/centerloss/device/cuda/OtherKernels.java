package org.centerloss.device.cuda;

import org.centerloss.device.CenterLoss;
import org.centerloss.device.Device;
import org.centerloss.device.Op;
import org.centerloss.device.PairwiseRepulsion;

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

    /**
     * The naive variant of an operation, or null where there is none.
     *
     * @param factory the name of the method of {@link Device} that makes the operation
     * @param arguments that method's
     */
    public static Op naive(Device device, String factory, Object... arguments) {
        CudaDevice cuda = (CudaDevice) device;
        return switch (factory) {
            case "centerLoss" ->
                    new CenterLossNaive(
                            cuda,
                            (int) arguments[0],
                            (int) arguments[1],
                            (int) arguments[2],
                            (CenterLoss.Attraction) arguments[3]);
            case "centerUpdate" ->
                    new CenterUpdateNaive(
                            cuda,
                            (int) arguments[0],
                            (int) arguments[1],
                            (int) arguments[2],
                            (double) arguments[3]);
            case "nearestCenter" ->
                    new NearestCenterNaive(
                            cuda, (int) arguments[0], (int) arguments[1], (int) arguments[2]);
            case "pairwiseRepulsion" ->
                    new PairwiseRepulsionNaive(
                            cuda,
                            (int) arguments[0],
                            (int) arguments[1],
                            (PairwiseRepulsion.Potential) arguments[2]);
            default -> null;
        };
    }
}
