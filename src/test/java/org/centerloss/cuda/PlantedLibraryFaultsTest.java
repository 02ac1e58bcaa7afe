package org.centerloss.cuda;

import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasOperation;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnTensorFormat;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.library.ConvolutionAlgorithms;
import org.centerloss.cuda.library.Cublas;
import org.centerloss.cuda.library.CublasLinear;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in calling cuDNN and cuBLAS. */
@VirtualGpu
class PlantedLibraryFaultsTest extends ConvolutionInUse {
    private static final int FLOAT = cudnnDataType.CUDNN_DATA_FLOAT;
    private static final int NCHW = cudnnTensorFormat.CUDNN_TENSOR_NCHW;
    private static final int CORRELATION = cudnnConvolutionMode.CUDNN_CROSS_CORRELATION;

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "1, 2, 1", "2, 1, 1", "1, 1, 2"})
    void anotherPaddingStrideOrDilationInTheDescriptorIsRefused(
            int padding, int stride, int dilation) {
        JCudnn.cudnnSetConvolution2dDescriptor(
                plan.convolution(),
                padding,
                padding,
                stride,
                stride,
                dilation,
                dilation,
                CORRELATION,
                FLOAT);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void imagesWithChannelsLastInTheDescriptorAreRefused() {
        int last = cudnnTensorFormat.CUDNN_TENSOR_NHWC;
        JCudnn.cudnnSetTensor4dDescriptor(plan.x(), last, FLOAT, 2, 3, 6, 5);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void filtersWithChannelsLastInTheDescriptorAreRefused() {
        int last = cudnnTensorFormat.CUDNN_TENSOR_NHWC;
        JCudnn.cudnnSetFilter4dDescriptor(plan.weight(), FLOAT, last, 4, 3, 3, 3);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void halfPrecisionInTheDescriptorIsRefused() {
        int half = cudnnDataType.CUDNN_DATA_HALF;
        JCudnn.cudnnSetTensor4dDescriptor(plan.y(), NCHW, half, 2, 4, 6, 5);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void aFilterThatIsTurnedAroundIsRefused() {
        int turned = cudnnConvolutionMode.CUDNN_CONVOLUTION;
        JCudnn.cudnnSetConvolution2dDescriptor(plan.convolution(), 1, 1, 1, 1, 1, 1, turned, FLOAT);
        assertRefused("CUDNN_STATUS_NOT_SUPPORTED", this::forward);
    }

    @Test
    void heightAndWidthInTheWrongOrderAreRefused() {
        JCudnn.cudnnSetTensor4dDescriptor(plan.x(), NCHW, FLOAT, 2, 3, 5, 6);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void aWorkspaceSaidToBeTooSmallIsRefused() {
        ConvolutionAlgorithms right =
                (ConvolutionAlgorithms) PlantedHostFault.get(convolution, "algorithms");
        ConvolutionAlgorithms wrong =
                new ConvolutionAlgorithms(
                        right.forward(),
                        right.backwardData(),
                        right.backwardFilter(),
                        right.workspaceBytes() - Float.BYTES);
        PlantedHostFault.set(convolution, "algorithms", wrong);
        assertRefused("CUDNN_STATUS_BAD_PARAM", this::forward);
    }

    @Test
    void aWorkspaceThatIsSmallerThanSaidIsAFault() {
        Object small = PlantedHostFault.get(device.tensor(16), "memory");
        PlantedHostFault.set(convolution, "workspace", small);
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                this::forward,
                "cudnnConvolutionForward writes",
                "reach over the end of the allocation of 64 bytes");
    }

    /**
     * What {@link CublasLinear} asks for, [out, samples] = weight · x, with a row of another
     * length.
     */
    private void product(int in, int out, int samples, int rowLength) {
        Tensor matrix = device.tensor(out, in);
        Tensor from = device.tensor(samples, in);
        Tensor to = device.tensor(samples, out);
        Cublas cublas = device.libraries().cublas();
        cublas.submit(
                "product",
                () ->
                        JCublas2.cublasSgemm(
                                cublas.handle(),
                                cublasOperation.CUBLAS_OP_T,
                                cublasOperation.CUBLAS_OP_N,
                                out,
                                samples,
                                in,
                                HostScalar.ONE,
                                ((CudaTensor) matrix).address(),
                                rowLength,
                                ((CudaTensor) from).address(),
                                in,
                                HostScalar.ZERO,
                                ((CudaTensor) to).address(),
                                out));
    }

    @Test
    void aLeadingDimensionThatIsTooSmallIsRefused() {
        product(5, 3, 2, 5);
        assertRefused("CUBLAS_STATUS_INVALID_VALUE", () -> product(5, 3, 2, 3));
    }

    @Test
    void aLeadingDimensionThatIsTooLargeIsAFault() {
        assertFault(
                "CUDA_ERROR_ILLEGAL_ADDRESS",
                () -> product(3, 5, 2, 5),
                "cublasSgemm reads",
                "reach over the end");
    }
}
