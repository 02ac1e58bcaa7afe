package org.centerloss.cuda.library;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import jcuda.Pointer;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Linear;

/**
 * Fully connected layer by cuBLAS. Its matrices are column-major, so what is [m, out] here is [out,
 * m] there, and every product is written the other way round. Products with a vector of ones spread
 * the bias over the samples and add its gradient up.
 */
public final class CublasLinear extends CudaOp implements Linear {
    private final Cublas cublas;
    private final int samples;
    private final int in;
    private final int out;
    private final DeviceMemory ones;

    public CublasLinear(CudaDevice device, int samples, int inFeatures, int outFeatures) {
        super(device, "linear [%d, %d] to %d".formatted(samples, inFeatures, outFeatures));
        this.samples = samples;
        in = inFeatures;
        out = outFeatures;
        cublas = planned(() -> device.libraries().cublas());
        ones = ones(samples);
    }

    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor y) {
        checkOpen();
        Pointer to = plain(y, "y", samples, out).address();
        Pointer from = plain(x, "x", samples, in).address();
        Pointer matrix = plain(weight, "weight", out, in).address();
        Pointer vector = plain(bias, "bias", out).address();
        cublas.product(
                name() + " forward",
                CUBLAS_OP_N,
                CUBLAS_OP_N,
                new int[] {out, samples, 1},
                vector,
                out,
                address(ones),
                1,
                HostScalar.ZERO,
                to);
        cublas.product(
                name() + " forward",
                CUBLAS_OP_T,
                CUBLAS_OP_N,
                new int[] {out, samples, in},
                matrix,
                in,
                from,
                in,
                HostScalar.ONE,
                to);
    }

    @Override
    public void backward(
            Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias) {
        checkOpen();
        Pointer from = plain(x, "x", samples, in).address();
        Pointer slope = plain(dy, "dy", samples, out).address();
        Pointer matrix = plain(weight, "weight", out, in).address();
        Pointer vectorSlope = plain(dBias, "dBias", out).address();
        cublas.product(
                name() + " backward",
                CUBLAS_OP_N,
                CUBLAS_OP_T,
                new int[] {in, out, samples},
                from,
                in,
                slope,
                out,
                HostScalar.ZERO,
                plain(dWeight, "dWeight", out, in).address());
        cublas.sums(
                name() + " backward", CUBLAS_OP_N, out, samples, slope, address(ones), vectorSlope);
        if (dx != null) {
            cublas.product(
                    name() + " backward",
                    CUBLAS_OP_N,
                    CUBLAS_OP_N,
                    new int[] {in, samples, out},
                    matrix,
                    in,
                    slope,
                    out,
                    HostScalar.ZERO,
                    plain(dx, "dx", samples, in).address());
        }
    }
}
