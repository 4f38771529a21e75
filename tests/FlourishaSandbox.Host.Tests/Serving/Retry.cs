namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>Asks again until something is so; what the gateway hears from the engine it hears a moment later.</summary>
internal static class Retry
{
    /// <summary>The first answer that will do.</summary>
    public static async Task<HttpResponseMessage> UntilAsync(Func<Task<HttpResponseMessage>> ask, Func<HttpResponseMessage, bool> isIt)
    {
        while (true)
        {
            var answer = await ask();
            if (isIt(answer))
                return answer;

            answer.Dispose();
            await Task.Delay(20, Limits.Token);
        }
    }
}
