using System.Security.Cryptography;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Tests;

public sealed class Sha256Tests
{
    [Fact]
    public void It_computes_what_others_compute()
    {
        var random = new Random(1);
        for (var length = 0; length < 300; length++)
        {
            var data = new byte[length];
            random.NextBytes(data);
            Assert.Equal(SHA256.HashData(data), Sha256.Hash(data));
        }
    }
}
