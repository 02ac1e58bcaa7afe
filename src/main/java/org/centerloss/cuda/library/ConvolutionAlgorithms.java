package org.centerloss.cuda.library;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnStatus;
import org.centerloss.cuda.driver.Cuda;
import org.centerloss.device.DeviceException;
import org.centerloss.device.DeviceSettings;

/**
 * Which of cuDNN's algorithms a convolution runs with: of those that cuDNN expects to be quickest,
 * the first that adds in a fixed order and keeps float32, unless the settings allow otherwise, and
 * is content with a workspace of {@value #MOST_WORKSPACE_BYTES} bytes. Winograd's with large tiles,
 * which cuDNN calls not fused, loses two digits.
 *
 * @param workspaceBytes enough for each of the three
 */
public record ConvolutionAlgorithms(
        int forward, int backwardData, int backwardFilter, long workspaceBytes) {
    private static final long MOST_WORKSPACE_BYTES = 256L << 20;

    /** An algorithm as cuDNN recommends it. */
    private record Candidate(int number, int status, int determinism, int mathType) {
        /**
         * Whether it may be used. Without TF32, no mathematics but float32 will be, by the
         * descriptor; tensor cores take float32 numbers as TF32, unless conversion is allowed.
         */
        boolean accepted(DeviceSettings settings) {
            boolean precise =
                    mathType == cudnnMathType.CUDNN_FMA_MATH
                            || mathType == cudnnMathType.CUDNN_DEFAULT_MATH
                            || settings.tf32() && mathType == cudnnMathType.CUDNN_TENSOR_OP_MATH;
            boolean repeatable =
                    determinism == cudnnDeterminism.CUDNN_DETERMINISTIC
                            || !settings.deterministic();
            return status == cudnnStatus.CUDNN_STATUS_SUCCESS && repeatable && precise;
        }
    }

    /** Asks for the workspace of an algorithm; gives a status. */
    private interface WorkspaceSize {
        int ask(int number, long[] bytes);
    }

    private record Choice(int number, long workspaceBytes) {}

    static ConvolutionAlgorithms choose(
            String name, Cudnn cudnn, CudnnConvolution.Plan plan, DeviceSettings settings) {
        Choice forward = forward(name + " forward", cudnn, plan, settings);
        Choice data = backwardData(name + " backward data", cudnn, plan, settings);
        Choice filter = backwardFilter(name + " backward filter", cudnn, plan, settings);
        return new ConvolutionAlgorithms(
                forward.number,
                data.number,
                filter.number,
                Math.max(
                        forward.workspaceBytes,
                        Math.max(data.workspaceBytes, filter.workspaceBytes)));
    }

    private static Choice forward(
            String pass, Cudnn cudnn, CudnnConvolution.Plan plan, DeviceSettings settings) {
        int[] count = new int[1];
        Cudnn.call(
                pass,
                () -> JCudnn.cudnnGetConvolutionForwardAlgorithmMaxCount(cudnn.handle(), count));
        cudnnConvolutionFwdAlgoPerf[] found = new cudnnConvolutionFwdAlgoPerf[count[0]];
        Arrays.setAll(found, i -> new cudnnConvolutionFwdAlgoPerf());
        recommend(
                pass,
                () ->
                        JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
                                cudnn.handle(),
                                plan.x(),
                                plan.weight(),
                                plan.convolution(),
                                plan.y(),
                                found.length,
                                count,
                                found));
        List<Candidate> candidates =
                IntStream.range(0, count[0])
                        .mapToObj(i -> found[i])
                        .map(f -> new Candidate(f.algo, f.status, f.determinism, f.mathType))
                        .toList();
        return first(
                pass,
                candidates,
                cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED,
                settings,
                (number, bytes) ->
                        JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                                cudnn.handle(),
                                plan.x(),
                                plan.weight(),
                                plan.convolution(),
                                plan.y(),
                                number,
                                bytes));
    }

    private static Choice backwardData(
            String pass, Cudnn cudnn, CudnnConvolution.Plan plan, DeviceSettings settings) {
        int[] count = new int[1];
        Cudnn.call(
                pass,
                () ->
                        JCudnn.cudnnGetConvolutionBackwardDataAlgorithmMaxCount(
                                cudnn.handle(), count));
        cudnnConvolutionBwdDataAlgoPerf[] found = new cudnnConvolutionBwdDataAlgoPerf[count[0]];
        Arrays.setAll(found, i -> new cudnnConvolutionBwdDataAlgoPerf());
        recommend(
                pass,
                () ->
                        JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
                                cudnn.handle(),
                                plan.weight(),
                                plan.y(),
                                plan.convolution(),
                                plan.x(),
                                found.length,
                                count,
                                found));
        List<Candidate> candidates =
                IntStream.range(0, count[0])
                        .mapToObj(i -> found[i])
                        .map(f -> new Candidate(f.algo, f.status, f.determinism, f.mathType))
                        .toList();
        return first(
                pass,
                candidates,
                cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED,
                settings,
                (number, bytes) ->
                        JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
                                cudnn.handle(),
                                plan.weight(),
                                plan.y(),
                                plan.convolution(),
                                plan.x(),
                                number,
                                bytes));
    }

    private static Choice backwardFilter(
            String pass, Cudnn cudnn, CudnnConvolution.Plan plan, DeviceSettings settings) {
        int[] count = new int[1];
        Cudnn.call(
                pass,
                () ->
                        JCudnn.cudnnGetConvolutionBackwardFilterAlgorithmMaxCount(
                                cudnn.handle(), count));
        cudnnConvolutionBwdFilterAlgoPerf[] found = new cudnnConvolutionBwdFilterAlgoPerf[count[0]];
        Arrays.setAll(found, i -> new cudnnConvolutionBwdFilterAlgoPerf());
        recommend(
                pass,
                () ->
                        JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                                cudnn.handle(),
                                plan.x(),
                                plan.y(),
                                plan.convolution(),
                                plan.weight(),
                                found.length,
                                count,
                                found));
        List<Candidate> candidates =
                IntStream.range(0, count[0])
                        .mapToObj(i -> found[i])
                        .map(f -> new Candidate(f.algo, f.status, f.determinism, f.mathType))
                        .toList();
        return first(
                pass,
                candidates,
                cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED,
                settings,
                (number, bytes) ->
                        JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
                                cudnn.handle(),
                                plan.x(),
                                plan.y(),
                                plan.convolution(),
                                plan.weight(),
                                number,
                                bytes));
    }

    /** Where cuDNN refuses, JCudnn may trip over a count that nobody set. */
    private static void recommend(String pass, Cuda.Call call) {
        try {
            Cudnn.call(pass, call);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new DeviceException(
                    "cuda: %s: cuDNN recommends no algorithm; are all its libraries there, and of one version?"
                            .formatted(pass),
                    e);
        }
    }

    /** For a person. */
    @Override
    public String toString() {
        return "forward %s, backward data %s, backward filter %s, workspace %,d bytes"
                .formatted(
                        cudnnConvolutionFwdAlgo.stringFor(forward),
                        cudnnConvolutionBwdDataAlgo.stringFor(backwardData),
                        cudnnConvolutionBwdFilterAlgo.stringFor(backwardFilter),
                        workspaceBytes)
                .replace("CUDNN_CONVOLUTION_", "");
    }

    private static Choice first(
            String pass,
            List<Candidate> candidates,
            int inexact,
            DeviceSettings settings,
            WorkspaceSize size) {
        for (Candidate candidate : candidates) {
            if (candidate.accepted(settings) && candidate.number != inexact) {
                long[] bytes = new long[1];
                Cudnn.call(pass, () -> size.ask(candidate.number, bytes));
                if (bytes[0] <= MOST_WORKSPACE_BYTES) {
                    return new Choice(candidate.number, bytes[0]);
                }
            }
        }
        throw new DeviceException(
                "cuda: %s: cuDNN has no %sfloat32 algorithm for it among %d; use %s--device cpu"
                        .formatted(
                                pass,
                                settings.deterministic() ? "deterministic " : "",
                                candidates.size(),
                                settings.deterministic() ? "--nondeterministic or " : ""));
    }
}
