package org.centerloss.cuda;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import jcuda.NativePointerObject;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasMath;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnMathType;
import jcuda.runtime.cudaStream_t;
import org.centerloss.cuda.driver.CudaStream;
import org.centerloss.cuda.driver.DeviceAddress;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.library.CudnnConvolution;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;

/**
 * Mistakes of the host in driving the GPU, planted into devices and operations that are in use:
 * everything else runs as it does for a user.
 */
public final class PlantedHostFault {
    private PlantedHostFault() {}

    /** Lets cuBLAS round to TF32. */
    public static void roundProducts(Device device) {
        JCublas2.cublasSetMathMode(
                ((CudaDevice) device).libraries().cublas().handle(),
                cublasMath.CUBLAS_TF32_TENSOR_OP_MATH);
    }

    /** Lets cuDNN round to TF32. */
    public static void round(Convolution convolution) {
        JCudnn.cudnnSetConvolutionMathType(
                plan(convolution).convolution(), cudnnMathType.CUDNN_DEFAULT_MATH);
    }

    /** Sends the work of cuDNN to a stream that no event ties to the device's. */
    public static void loseStream(Device device) {
        JCudnn.cudnnSetStream(
                ((CudaDevice) device).libraries().cudnn().handle(),
                new cudaStream_t(new CudaStream(false).handle()));
    }

    static CudnnConvolution.Plan plan(Convolution convolution) {
        return (CudnnConvolution.Plan) get(convolution, "plan");
    }

    /** Lets a tensor lie in host memory. */
    static void point(Tensor tensor, ByteBuffer host) {
        DeviceAddress address = ((DeviceMemory) get(tensor, "memory")).address();
        long number = Pointer.nativeValue(Native.getDirectBufferPointer(host));
        set(NativePointerObject.class, address, "nativePointer", number);
    }

    static Object get(Object owner, String field) {
        try {
            return accessible(owner.getClass(), field).get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static void set(Object owner, String field, Object value) {
        set(owner.getClass(), owner, field, value);
    }

    private static void set(Class<?> type, Object owner, String field, Object value) {
        try {
            accessible(type, field).set(owner, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field accessible(Class<?> type, String name) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
