package org.centerloss.cuda.virtual;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnTensorDescriptor;
import org.centerloss.cuda.VirtualGpu;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the virtual cuDNN lets a descriptor say, and the shapes that follow. NVIDIA's 9.5.1 gives
 * the same status to every call here on descriptors that live (tried without a GPU).
 */
@VirtualGpu
class CudnnDescriptorsTest {
    private static final String BAD = "CUDNN_STATUS_BAD_PARAM";

    private final cudnnTensorDescriptor tensor = new cudnnTensorDescriptor();
    private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
    private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();

    @BeforeEach
    void create() {
        VirtualGpu.Controls.load();
        VirtualGpu.Controls.loadMathLibraries();
        assertEquals(0, JCudnn.cudnnCreateTensorDescriptor(tensor));
        assertEquals(0, JCudnn.cudnnCreateFilterDescriptor(filter));
        assertEquals(0, JCudnn.cudnnCreateConvolutionDescriptor(convolution));
    }

    @AfterEach
    void destroy() {
        assertEquals(0, JCudnn.cudnnDestroyTensorDescriptor(tensor));
        assertEquals(0, JCudnn.cudnnDestroyFilterDescriptor(filter));
        assertEquals(0, JCudnn.cudnnDestroyConvolutionDescriptor(convolution));
    }

    private static void assertStatus(String name, int status) {
        assertEquals(name, JCudnn.cudnnGetErrorString(status));
    }

    @ParameterizedTest
    @CsvSource({
        "9, 0, 1, 1, 1, 1",
        "0, 99, 1, 1, 1, 1",
        "0, 0, 0, 1, 1, 1",
        "0, 0, 1, 0, 1, 1",
        "0, 0, 1, 1, 0, 1",
        "0, 0, 1, 1, 1, -1"
    })
    void formatsTypesAndSizesOfTensorsAndFilters(int format, int type, int n, int c, int h, int w) {
        assertStatus(BAD, JCudnn.cudnnSetTensor4dDescriptor(tensor, format, type, n, c, h, w));
        assertStatus(BAD, JCudnn.cudnnSetFilter4dDescriptor(filter, type, format, n, c, h, w));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 1, 1, 1, 1, 1, 0",
        "0, -1, 1, 1, 1, 1, 1, 0",
        "0, 0, 0, 1, 1, 1, 1, 0",
        "0, 0, 1, 0, 1, 1, 1, 0",
        "0, 0, 1, 1, 0, 1, 1, 0",
        "0, 0, 1, 1, 1, 0, 1, 0",
        "0, 0, 1, 1, 1, 1, 5, 0",
        "0, 0, 1, 1, 1, 1, 1, 99"
    })
    void paddingsStridesDilationsAndModesOfConvolutions(
            int padH, int padW, int strideH, int strideW, int dilH, int dilW, int mode, int type) {
        assertStatus(
                BAD,
                JCudnn.cudnnSetConvolution2dDescriptor(
                        convolution, padH, padW, strideH, strideW, dilH, dilW, mode, type));
    }

    @Test
    void onlyTensorsAreLimitedInTheirElements() {
        assertStatus(
                "CUDNN_STATUS_NOT_SUPPORTED",
                JCudnn.cudnnSetTensor4dDescriptor(tensor, 0, 0, 2, 32768, 32768, 1));
        assertEquals(0, JCudnn.cudnnSetFilter4dDescriptor(filter, 0, 0, 2, 32768, 32768, 1));
    }

    @Test
    void mathematicsThatDoNotExist() {
        assertStatus(BAD, JCudnn.cudnnSetConvolutionMathType(convolution, 9));
    }

    private int dimensions(int[][] found) {
        return JCudnn.cudnnGetConvolution2dForwardOutputDim(
                convolution, tensor, filter, found[0], found[1], found[2], found[3]);
    }

    private void set(int[] x, int[] w, int padding, int stride) {
        assertEquals(0, JCudnn.cudnnSetTensor4dDescriptor(tensor, 0, 0, x[0], x[1], x[2], x[3]));
        assertEquals(0, JCudnn.cudnnSetFilter4dDescriptor(filter, 0, 0, w[0], w[1], w[2], w[3]));
        assertEquals(
                0,
                JCudnn.cudnnSetConvolution2dDescriptor(
                        convolution, padding, padding, stride, stride, 1, 1, 1, 0));
    }

    @Test
    void theResultOfAConvolution() {
        int[][] found = new int[4][1];
        assertStatus(BAD, dimensions(found));
        set(new int[] {2, 3, 8, 5}, new int[] {4, 3, 3, 3}, 1, 2);
        assertEquals(0, dimensions(found));
        assertArrayEquals(new int[][] {{2}, {4}, {4}, {3}}, found);
        set(new int[] {2, 3, 8, 5}, new int[] {4, 2, 3, 3}, 1, 2);
        assertStatus(BAD, dimensions(found));
        set(new int[] {2, 3, 8, 2}, new int[] {4, 3, 3, 3}, 0, 1);
        assertStatus(BAD, dimensions(found));
    }

    @Test
    void aDescriptorThatIsGone() {
        cudnnTensorDescriptor gone = new cudnnTensorDescriptor();
        assertEquals(0, JCudnn.cudnnCreateTensorDescriptor(gone));
        assertEquals(0, JCudnn.cudnnDestroyTensorDescriptor(gone));
        assertStatus(BAD, JCudnn.cudnnDestroyTensorDescriptor(gone));
        assertStatus(BAD, JCudnn.cudnnSetTensor4dDescriptor(gone, 0, 0, 1, 1, 1, 1));
    }
}
