using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = args });
builder.Services.AddHttpForwarder();
await using var app = builder.Build();
return 0;
